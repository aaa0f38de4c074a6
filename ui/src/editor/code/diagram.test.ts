/** What a diagram is shown as. */
import { expect, test } from 'vitest'
import { pictureOf } from './diagram'

test('a picture says how large it is', () => {
  const { src, width, height } = pictureOf('<svg id="d" width="100%" viewBox="-8 -8 320.4 90"><g/></svg>')
  expect([width, height]).toEqual([321, 90])
  expect(decodeURIComponent(src)).toContain('<svg id="d" width="321" height="90"')
  expect(pictureOf('<svg></svg>').width, 'or is as large as most').toBe(640)
})
