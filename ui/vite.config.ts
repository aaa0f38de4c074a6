// How the interface is built and tested: one page, no network, Safari 16 as the oldest engine.
import { paraglideVitePlugin } from '@inlang/paraglide-js'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vitest/config'
import { frozenPrototype } from './frozen.ts'

export default defineConfig(({ mode }) => ({
  plugins: [
    paraglideVitePlugin({ project: './project.inlang', outdir: './src/paraglide', emitTsDeclarations: true }),
    svelte(),
    frozenPrototype(),
  ],
  resolve: {
    // Two copies of any of these do not recognise each other's objects.
    dedupe: ['yjs', 'y-protocols', '@tiptap/pm', '@tiptap/core'],
    ...(mode === 'test' ? { conditions: ['browser'] } : {}),
  },
  build: {
    target: 'safari16',
    chunkSizeWarningLimit: 1200,
    // What makes the editor is one file beside the app's own: it registers itself once, and changes when a library does.
    rolldownOptions: {
      output: {
        codeSplitting: { groups: [{ name: 'prosemirror', test: /node_modules[\\/]prosemirror-/u }] },
      },
    },
  },
  server: { port: 5173, strictPort: true, host: '127.0.0.1' },
  test: { environment: 'jsdom', include: ['src/**/*.test.ts'], setupFiles: ['./tests/setup.ts'] },
}))
