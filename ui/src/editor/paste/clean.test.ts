/** What comes of pieces written in the way of Word, Google Docs, Notion and GitHub. */
import { generateJSON, type JSONContent } from '@tiptap/core'
import { expect, test } from 'vitest'
import { schemaExtensions } from '../extensions'
import { clean, isMarkdown } from './clean'

/** A document in short: the kinds of block, marks as names, words as they are. */
function short(node: JSONContent): string {
  if (node.type === 'text')
    return (node.marks ?? []).reduce((words, { type }) => `${type}(${words})`, node.text ?? '')
  const inside = (node.content ?? []).map(short).join(' ')
  const { kind, language, checked, level } = node.attrs ?? {}
  const said = [kind, language, checked, level].filter((one) => one !== undefined && one !== null)
  const name = node.type === 'paragraph' ? '' : `${node.type}${said.length > 0 ? `:${said.join()}` : ''}`
  return node.type === 'doc' ? inside : `${name}[${inside}]`
}
const pasted = (html: string) => short(generateJSON(clean(html), schemaExtensions()))

test('Word: lists in lists, a title, bold; no bullets, no noise', () => {
  const item = (level: number, sign: string, words: string) =>
    `<p class=MsoListParagraphCxSpMiddle style='text-indent:-18.0pt;mso-list:l0 level${level} lfo1'><![if !supportLists]><span style='font-family:Symbol'><span style='mso-list:Ignore'>${sign}<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp; </span></span></span><![endif]>${words}<o:p></o:p></p>`
  const html = `<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>p.MsoNormal {margin:0cm}</style></head><body><!--StartFragment-->
    <p class=MsoTitle>Tides<o:p></o:p></p>${item(1, '·', 'oars')}${item(2, 'o', 'two of them')}${item(1, '·', 'a <b style="mso-bidi-font-weight:normal">lamp</b>')}
    <p class=MsoNormal>High at <span style='font-weight:bold'>six</span>.<o:p></o:p></p>${item(1, '1.', 'first')}${item(1, '2.', 'second')}
    <img src="file:///C:/Users/ada/clip.png" width=1 height=1><!--EndFragment--></body></html>`
  expect(pasted(html)).toBe(
    'heading:1[Tides] bulletList[listItem[[oars] bulletList[listItem[[two of them]]]] listItem[[a  bold(lamp)]]] [High at  bold(six) .] orderedList[listItem[[first]] listItem[[second]]]',
  )
})

test('Google Docs: not everything is bold, and a list in a list is one', () => {
  const html = `<meta charset='utf-8'><b style="font-weight:normal;" id="docs-internal-guid-1f"><h2 dir="ltr"><span style="font-weight:700">Crew</span></h2><p dir="ltr" style="line-height:1.38"><span style="font-weight:400">the </span><span style="font-weight:700;font-style:italic">last</span><span style="vertical-align:super">2</span><a href="https://www.google.com/url?q=https://example.org/a&amp;sa=D"><span style="text-decoration:underline">boat</span></a></p><ul><li dir="ltr" aria-level="1"><p role="presentation"><span>one</span></p></li><ul><li aria-level="2"><p><span>deeper</span></p></li></ul></ul></b><br class="Apple-interchange-newline">`
  const text = pasted(html)
  expect(text).toContain('heading:2[Crew]')
  expect(text).toMatch(/\[the {2}(bold\(italic|italic\(bold)\(last\)\) superscript\(2\) link\(boat\)\]/u)
  expect(text).toContain('bulletList[listItem[[one] bulletList[listItem[[deeper]]]]]')
  expect(clean(html)).toContain('href="https://example.org/a"')
})

test('Notion: tasks, toggles, callouts, formulas, code', () => {
  const html = `<ul id="a" class="to-do-list"><li><div class="checkbox checkbox-on"></div> <span class="to-do-children-checked">ask</span></li></ul>
    <ul class="toggle"><li><details open=""><summary>More</summary><p>inside</p></details></li></ul>
    <figure class="block-color-gray callout" style="white-space:pre-wrap;display:flex"><div style="font-size:1.5em"><span class="icon">💡</span></div><div style="width:100%"><p>Mind the gap</p></div></figure>
    <figure class="equation"><div class="equation-container"><span class="katex-display"><span class="katex"><span class="katex-mathml"><math><semantics><annotation encoding="application/x-tex">e^x</annotation></semantics></math></span></span></span></div></figure>
    <pre class="code code-wrap"><code class="language-Rust">let a;
</code></pre>`
  expect(pasted(html)).toBe(
    'taskList[taskItem:true[[ask]]] toggle[toggleTitle[More] [inside]] callout:note[[Mind the gap]] mathBlock[e^x] codeBlock:rust[let a;]',
  )
})

test('GitHub: task lists, alerts, coloured code', () => {
  const html = `<ul class="contains-task-list"><li class="task-list-item"><input type="checkbox" disabled checked> done</li><li class="task-list-item"><input type="checkbox" disabled> open</li></ul>
    <div class="markdown-alert markdown-alert-warning"><p class="markdown-alert-title"><svg></svg>Warning</p><p>Fog</p></div>
    <div class="highlight highlight-source-js"><pre><span class="pl-k">let</span> a</pre></div>`
  expect(pasted(html)).toBe(
    'taskList[taskItem:true[[done]] taskItem:false[[open]]] callout:warning[[Fog]] codeBlock:js[let a]',
  )
})

test('nothing that could act comes through', () => {
  const text = clean('<p onclick="a()">x<script>b()</script><style>p{}</style><iframe src="c"></iframe></p>')
  expect(text).not.toMatch(/script|style|iframe/u)
})

test('what was copied here comes back as it was', () => {
  const html = '<p data-pm-slice="1 1 []"><span style="font-weight:700">kept</span></p>'
  expect(clean(html)).toBe(html)
})

test.each([
  '# Tides',
  '- a\n- b',
  '```\ncode\n```',
  'see [it](https://example.org)',
  '| a | b |\n|---|---|\n| 1 | 2 |',
  '- [ ] ask',
])('“%s” is Markdown', (text) => expect(isMarkdown(text)).toBe(true))

test.each(['plain words', 'a * b * c', '#hashtag', 'C:\\dir - a file', '> quoted', '5 - 3', '-- Ada'])(
  '“%s” is plain text',
  (text) => expect(isMarkdown(text)).toBe(false),
)
