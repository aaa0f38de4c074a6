/**
 * The app's window freezes `Object.prototype`, and then an object can no longer be given a `toString` or `constructor` of its own
 * by assignment, which some libraries do. This makes such assignments definitions; nothing else changes.
 */
import { type Plugin, parseAst } from 'vite'

const NAMES = new Set(['constructor', 'toString', 'valueOf', 'hasOwnProperty', 'toLocaleString'])
const LIKELY = /\.(?:constructor|toString|valueOf|hasOwnProperty|toLocaleString)\s*=[^=]/u
// A function, because libraries in the way of CommonJS assign before the end of the module is reached.
const HELPER = `function ownProperty$(of, name, value) {
  Reflect.defineProperty(of, name, { value, writable: true, enumerable: true, configurable: true })
  return value
}`

interface Syntax {
  type: string
  start: number
  end: number
  [part: string]: unknown
}

/** The plugin; it touches libraries only. */
export function frozenPrototype(): Plugin {
  return {
    name: 'frozen-prototype',
    transform: {
      filter: { id: /node_modules.*\.m?js/u, code: LIKELY },
      handler: (code) => ({ code: `${defining(code)}\n${HELPER}`, map: null }),
    },
  }
}

/** Returns a module whose assignments of these names are definitions. */
export function defining(code: string): string {
  const rewrite = (node: Syntax): string => {
    const inner = assignments(node)
    let [text, at] = ['', node.start]
    for (const one of inner) {
      const left = one.left as Syntax
      const [of, name] = [rewrite(left.object as Syntax), (left.property as Syntax).name]
      text += `${code.slice(at, one.start)}ownProperty$(${of},"${name}",${rewrite(one.right as Syntax)})`
      at = one.end
    }
    return text + code.slice(at, node.end)
  }
  return rewrite(parseAst(code) as unknown as Syntax)
}

/** Returns the outermost such assignments within a piece of syntax, in order. */
function assignments(node: Syntax): Syntax[] {
  const found: Syntax[] = []
  const walk = (value: unknown): void => {
    if (Array.isArray(value)) for (const one of value) walk(one)
    else if (value && typeof value === 'object' && 'type' in value) {
      if (isAssignment(value as Syntax)) found.push(value as Syntax)
      else for (const part of Object.values(value)) walk(part)
    }
  }
  walk(isAssignment(node) ? node : Object.values(node))
  return found.sort((one, other) => one.start - other.start)
}

function isAssignment({ type, operator, left }: Syntax): boolean {
  if (type !== 'AssignmentExpression' || operator !== '=') return false
  const { type: kind, computed, property } = left as Syntax & { computed: boolean; property: Syntax }
  return kind === 'MemberExpression' && !computed && NAMES.has(String(property.name))
}
