/**
 * What other programs put on the clipboard, as the HTML that they should have written: lists that are lists, bold that is
 * bold, and nothing that only looks. Pure: text in, text out; nothing in it is run or fetched.
 *
 * Each step below knows one habit of one program (Word, Google Docs, Notion, GitHub) and leaves everything else alone.
 */
import { wordLists } from './word'

/** Returns clean HTML. What an editor of ours copied is left as it is. */
export function clean(html: string): string {
  if (html.includes('data-pm-slice')) return html
  const { body } = new DOMParser().parseFromString(html, 'text/html')
  for (const step of [
    wordLists,
    dropNoise,
    unwrapDocs,
    styles,
    nestLists,
    tasks,
    folds,
    boxes,
    code,
    formulas,
    links,
  ])
    step(body)
  return body.innerHTML
}

/** Says whether plain text was written as Markdown: one sure sign, or two of the lesser ones. */
export function isMarkdown(text: string): boolean {
  const sure = [
    /^#{1,6} \S/mu,
    /^(```|~~~)/mu,
    /^\|?\s*:?-{3,}:?\s*\|/mu,
    /^[-*+] \[[ xX]\] /mu,
    /\[[^\]\n]+\]\([^)\s]+\)/u,
  ]
  if (sure.some((sign) => sign.test(text))) return true
  const lesser = [
    /^\s*[-*+] \S.*\n\s*[-*+] \S/mu,
    /^1[.)] \S.*\n2[.)] \S/mu,
    /^> \S/mu,
    /\*\*\S[^*\n]*\*\*/u,
    /`[^`\n]+`/u,
  ]
  return (
    lesser.filter((sign) => sign.test(text)).length > 1 || lesser.slice(0, 2).some((sign) => sign.test(text))
  )
}

const each = <E extends Element = HTMLElement>(
  within: Element,
  selector: string,
  act: (found: E) => void,
) => {
  for (const found of [...within.querySelectorAll<E>(selector)]) act(found)
}

const unwrap = (element: Element) => element.replaceWith(...element.childNodes)

function wrap(element: Element, tag: string): void {
  const made = element.ownerDocument.createElement(tag)
  made.append(...element.childNodes)
  element.append(made)
}

function rename(element: Element, tag: string): HTMLElement {
  const made = element.ownerDocument.createElement(tag)
  made.append(...element.childNodes)
  element.replaceWith(made)
  return made
}

function dropNoise(body: HTMLElement): void {
  each(body, 'style, script, meta, link, title, xml, template, noscript, iframe, object, svg.anchor', (one) =>
    one.remove(),
  )
  each(body, '*', (one) => {
    if (/^(o|w|v|st1):/iu.test(one.localName)) unwrap(one)
    else if (/display:\s*none|mso-hide:\s*all/iu.test(one.getAttribute('style') ?? '')) one.remove()
  })
  each<HTMLImageElement>(body, 'img', (one) => {
    if (/^(file|cid):/iu.test(one.getAttribute('src') ?? '') || (one.width === 1 && one.height === 1))
      one.remove()
  })
  each(body, 'br.Apple-interchange-newline', (one) => one.remove())
  each(body, 'p.MsoTitle', (one) => void rename(one, 'h1'))
  const comments = body.ownerDocument.createTreeWalker(body, NodeFilter.SHOW_COMMENT)
  const found: Node[] = []
  while (comments.nextNode()) found.push(comments.currentNode)
  for (const comment of found) comment.parentNode?.removeChild(comment)
}

/** Google Docs puts everything into one `b` that is not bold. */
function unwrapDocs(body: HTMLElement): void {
  each(body, 'b, strong', (one) => {
    if (/(?:^|;)\s*font-weight:\s*(normal|400)/iu.test(one.getAttribute('style') ?? '')) unwrap(one)
  })
}

/** Styles that mean something become marks; the others go. */
function styles(body: HTMLElement): void {
  each(body, 'span[style], font[style]', (one) => {
    const style = one.getAttribute('style') ?? ''
    const says = (pattern: RegExp) => pattern.test(style)
    const isHeading = one.closest('h1, h2, h3, h4, h5, h6') !== null
    if (says(/(?:^|;)\s*font-weight:\s*(bold|[6-9]00)/iu) && !isHeading) wrap(one, 'strong')
    if (says(/font-style:\s*italic/iu)) wrap(one, 'em')
    if (says(/text-decoration[^;]*line-through/iu)) wrap(one, 's')
    if (says(/text-decoration[^;]*underline/iu) && !one.closest('a') && !one.querySelector('a'))
      wrap(one, 'u')
    if (says(/vertical-align:\s*super/iu)) wrap(one, 'sup')
    if (says(/vertical-align:\s*sub(?!\w)/iu)) wrap(one, 'sub')
    if (says(/font-family:[^;]*(mono|consolas|courier)/iu) && !one.closest('pre')) wrap(one, 'code')
    unwrap(one)
  })
  each(body, '[style], [class]', (one) => {
    const align = /text-align:\s*(left|right|center)/iu.exec(one.getAttribute('style') ?? '')?.[1]
    one.removeAttribute('style')
    if (align && one.matches('td, th')) one.setAttribute('align', align)
  })
}

/** A list that stands in a list belongs to the item before it. */
function nestLists(body: HTMLElement): void {
  each(body, 'ul > ul, ul > ol, ol > ul, ol > ol', (one) => {
    const before = one.previousElementSibling
    if (before?.localName === 'li') before.append(one)
  })
}

/** Items with a box are tasks, however the box is drawn. */
function tasks(body: HTMLElement): void {
  each(body, 'li', (item) => {
    const box = item.querySelector(
      ':scope > input[type="checkbox"], :scope > p:first-child > input[type="checkbox"], :scope > label > input[type="checkbox"], :scope > .checkbox',
    )
    const list = item.parentElement
    if (!box || !list) return
    const done = box.hasAttribute('checked') || box.classList.contains('checkbox-on')
    box.remove()
    item.setAttribute('data-type', 'taskItem')
    item.setAttribute('data-checked', String(done))
    list.setAttribute('data-type', 'taskList')
  })
  each(body, 'ul[data-type="taskList"] > li:not([data-type])', (item) => {
    item.setAttribute('data-type', 'taskItem')
    item.setAttribute('data-checked', 'false')
  })
}

/** Notion's toggles stand in lists of their own. */
function folds(body: HTMLElement): void {
  each(body, 'ul.toggle', (list) => {
    each(list, ':scope > li', unwrap)
    unwrap(list)
  })
}

/** Callouts of Notion and alerts of GitHub. */
function boxes(body: HTMLElement): void {
  each(body, 'figure.callout', (one) => {
    const [, words] = one.children
    const box = rename(one, 'div')
    box.setAttribute('data-callout', 'note')
    if (words) box.replaceChildren(...words.childNodes)
  })
  each(body, '.markdown-alert', (one) => {
    const kind = /markdown-alert-(\w+)/u.exec(one.className)?.[1] ?? 'note'
    one.querySelector('.markdown-alert-title')?.remove()
    const box = rename(one, 'div')
    box.setAttribute('data-callout', kind)
    box.setAttribute('data-kind', kind)
  })
}

/** Code of GitHub and Notion says its language elsewhere. */
function code(body: HTMLElement): void {
  each(body, 'pre', (one) => {
    const around = one.closest('[class*="highlight-source-"]')?.className ?? ''
    const inside = one.querySelector('code')?.className ?? ''
    const language = /(?:highlight-source-|language-)([\w+#-]+)/iu
      .exec(`${around} ${inside}`)?.[1]
      ?.toLowerCase()
    const text = one.textContent ?? ''
    const made = one.ownerDocument.createElement('code')
    made.textContent = text.replace(/\n$/u, '')
    if (language) made.className = `language-${language}`
    one.replaceChildren(made)
  })
}

/** Formulas that KaTeX drew carry their source. */
function formulas(body: HTMLElement): void {
  each(body, '.katex-display, .katex, figure.equation', (one) => {
    const latex = one.querySelector('annotation[encoding="application/x-tex"]')?.textContent
    if (!latex || !body.contains(one)) return
    const isBlock = one.matches('.katex-display, figure.equation')
    const made = one.ownerDocument.createElement(isBlock ? 'pre' : 'span')
    made.setAttribute('data-math', '')
    made.textContent = latex
    one.replaceWith(made)
  })
}

/** Google's links lead over Google. */
function links(body: HTMLElement): void {
  each<HTMLAnchorElement>(body, 'a[href^="https://www.google.com/url?"]', (one) => {
    const real = new URL(one.href).searchParams.get('q')
    if (real) one.setAttribute('href', real)
  })
}
