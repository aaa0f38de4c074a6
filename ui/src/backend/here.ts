/** Chooses the backend once, at start: the desktop app's where there is one, else one in memory. */
import type { Backend } from './backend'

/** Returns the replica behind this page. */
export async function backendHere(): Promise<Backend> {
  if ('__TAURI_INTERNALS__' in window) {
    const { TauriBackend } = await import('./tauri')
    return TauriBackend.connect()
  }
  const { MemoryBackend } = await import('./memory')
  return MemoryBackend.forThisPage()
}
