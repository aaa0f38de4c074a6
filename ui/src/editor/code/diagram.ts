/**
 * Draws a diagram from its text, as a picture that can do nothing: the library is loaded with the first one, and what it makes
 * is shown as an image, in which no script runs and nothing is fetched.
 */

/** A picture, as an address, with its size in pixels. */
export interface Diagram {
  src: string
  width: number
  height: number
}

let loading: Promise<typeof import('mermaid')> | undefined
let drawn = 0

/** Draws a diagram; fails with what is wrong with its text. */
export async function drawDiagram(text: string, dark: boolean): Promise<Diagram> {
  loading ??= import('mermaid')
  const { default: mermaid } = await loading
  mermaid.initialize({
    startOnLoad: false,
    securityLevel: 'strict',
    suppressErrorRendering: true,
    theme: dark ? 'dark' : 'neutral',
    fontFamily: 'system-ui, sans-serif',
    htmlLabels: false,
    flowchart: { htmlLabels: false },
  })
  drawn += 1
  // Letters are measured in a place with the very font that the picture has.
  const desk = document.createElement('div')
  desk.className = 'diagram-desk'
  desk.ariaHidden = 'true'
  document.body.append(desk)
  try {
    const { svg } = await mermaid.render(`diagram-${drawn}`, text, desk)
    return pictureOf(svg)
  } finally {
    desk.remove()
  }
}

/** Returns a picture of what the library made. It says how wide it wants to be at most; as a picture it must say how wide it is. */
export function pictureOf(svg: string): Diagram {
  const [, , width = '0', height = '0'] =
    /viewBox="([^"]*)"/u
      .exec(svg)?.[1]
      ?.trim()
      .split(/[\s,]+/u) ?? []
  const size = { width: Math.ceil(Number(width)) || 640, height: Math.ceil(Number(height)) || 360 }
  const sized = svg.replace(/ width="100%"/u, ` width="${size.width}" height="${size.height}"`)
  return { src: `data:image/svg+xml;charset=utf-8,${encodeURIComponent(sized)}`, ...size }
}
