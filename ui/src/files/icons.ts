/** The few drawings that files need in the text, where there are no components. Each is hidden from screen readers. */

const PATHS = {
  file: 'M6 2h8l5 5v15H6zM14 2v5h5',
  picture: 'M3 4h18v16H3zM3 16l5-5 5 5 3-3 5 5M15 9a1.5 1.5 0 1 0 3 0 1.5 1.5 0 0 0-3 0',
}

/** Makes a drawing of 20 pixels. */
export function icon(name: keyof typeof PATHS): SVGElement {
  const space = 'http://www.w3.org/2000/svg'
  const drawing = document.createElementNS(space, 'svg')
  const values = {
    viewBox: '0 0 24 24',
    width: '20',
    height: '20',
    fill: 'none',
    stroke: 'currentColor',
    'stroke-width': '1.75',
    'stroke-linejoin': 'round',
    'aria-hidden': 'true',
  }
  for (const [key, value] of Object.entries(values)) drawing.setAttribute(key, value)
  const path = document.createElementNS(space, 'path')
  path.setAttribute('d', PATHS[name])
  drawing.append(path)
  return drawing
}
