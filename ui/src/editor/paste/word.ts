/**
 * Word writes a list as paragraphs that say how deep they are and begin with their own bullet. This makes lists of them.
 * Pure.
 */

/** A paragraph that is an item. */
interface Item {
  depth: number
  list: 'ul' | 'ol'
  words: Element
}

const ITEM = /mso-list:\s*\S+\s+level(\d+)/iu

/** Makes lists of Word's paragraphs. */
export function wordLists(body: HTMLElement): void {
  let run: Element[] = []
  const end = () => {
    const [first] = run
    if (first) first.before(listOf(run.map(itemOf)))
    for (const one of run) one.remove()
    run = []
  }
  for (const one of [...body.querySelectorAll('p, h1, h2, h3, h4, h5, h6, table, div')]) {
    if (!ITEM.test(one.getAttribute('style') ?? '')) end()
    else {
      if (run.length > 0 && run.at(-1)?.nextElementSibling !== one) end()
      run.push(one)
    }
  }
  end()
}

function itemOf(paragraph: Element): Item {
  const depth = Number(ITEM.exec(paragraph.getAttribute('style') ?? '')?.[1] ?? 1)
  const bullet = paragraph.querySelector('[style*="mso-list:Ignore" i], [style*="mso-list: Ignore" i]')
  const sign = bullet?.textContent?.trim() ?? ''
  bullet?.remove()
  const words = paragraph.ownerDocument.createElement('p')
  words.append(...paragraph.childNodes)
  return { depth, list: /^(\d+|[a-z]{1,4})[.)]/iu.test(sign) ? 'ol' : 'ul', words }
}

function listOf(items: Item[]): Element {
  const doc = items[0]?.words.ownerDocument ?? document
  const top = doc.createElement(items[0]?.list ?? 'ul')
  const open: { depth: number; list: Element }[] = [{ depth: items[0]?.depth ?? 1, list: top }]
  for (const { depth, list, words } of items) {
    while (open.length > 1 && (open.at(-1)?.depth ?? 0) > depth) open.pop()
    const here = open.at(-1)
    const last = here?.list.lastElementChild
    if (here && depth > here.depth && last) {
      const made = doc.createElement(list)
      last.append(made)
      open.push({ depth, list: made })
    }
    const item = doc.createElement('li')
    item.append(words)
    open.at(-1)?.list.append(item)
  }
  return top
}
