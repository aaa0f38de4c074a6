/** Which links are made and opened, and which never are. */
import { describe, expect, it } from 'vitest'
import { isSafeLink, linkFrom } from './safe-link'

describe('links', () => {
  it.each(['https://example.org/a?b#c', 'http://example.org', 'mailto:ada@example.org'])(
    'may be %s',
    (href) => {
      expect(isSafeLink(href)).toBe(true)
    },
  )

  it.each([
    'javascript:alert(1)',
    'java\nscript:alert(1)',
    ' javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'data:text/html,<script>1</script>',
    'file:///etc/passwd',
    'smb://host/share',
    '\\\\host\\share',
    'vbscript:x',
    'tauri://localhost',
    '',
    null,
  ])('may never be %j', (href) => {
    expect(isSafeLink(href)).toBe(false)
  })

  it('are guessed from what people type', () => {
    expect(linkFrom('example.org/tides')).toBe('https://example.org/tides')
    expect(linkFrom('ada@example.org')).toBe('mailto:ada@example.org')
    expect(linkFrom('just words')).toBeNull()
  })
})
