import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const ENTRY = fileURLToPath(new URL('./media-process.ts', import.meta.url))

/** Only what Node and our log need; the compiled modules that Node keeps save a third of the start. */
function bareEnvironment(): NodeJS.ProcessEnv {
  const { PATH, TZ, LANG, TMPDIR, NODE_ENV, NODE_COMPILE_CACHE } = process.env
  const kept = { PATH, TZ, LANG, TMPDIR, NODE_ENV, NODE_COMPILE_CACHE }
  return Object.fromEntries(Object.entries(kept).filter(([, value]) => value))
}

/**
 * Forks the media process. It has no secret of the server in its environment, because it reads what strangers send; it
 * does nothing before its first word, and ends by itself when the server is gone.
 */
export function forkMediaProcess(): ChildProcess {
  const child = fork(ENTRY, [], { execArgv: [], env: bareEnvironment(), stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  // Said when it could not be forked; whoever takes it over then finds it without a connection.
  child.on('error', () => {})
  return child
}
