/** Libraries that give their objects a `toString` by assignment work beside a frozen prototype. */
import { expect, test } from 'vitest'
import { defining } from '../frozen'

test('assignments become definitions, also within each other', () => {
  expect(defining('a.b.toString = c;')).toBe('ownProperty$(a.b,"toString",c);')
  expect(defining('let x = (a.constructor = b.valueOf = f(() => { d.toString = e }));')).toBe(
    'let x = (ownProperty$(a,"constructor",ownProperty$(b,"valueOf",f(() => { ownProperty$(d,"toString",e) }))));',
  )
})

test('everything else stays as it is', () => {
  const code =
    'a.toString(); a.prototype = b; a["toString"] = c; const { toString } = a; a.toString === b; a.x = 1;'
  expect(defining(code)).toBe(code)
})
