/** The server's own process with the demo world, and a Chromium to look at it. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'
import { follow, type Started, type TestHome } from '../start-testing.ts'
import { root } from '../test-steps.ts'

const stopMsMax = 10_000

/** With `camera` it has a camera and a microphone of its own, and says yes when a page asks for them. */
export function launchBrowser(camera = false): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--autoplay-policy=no-user-gesture-required',
      ...(camera ? ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'] : []),
    ],
  })
}

/** `settings` are variables of its environment beside those of its home. */
export function startServer(home: TestHome, settings: Readonly<Record<string, string>> = {}): Started {
  const began = performance.now()
  const child = spawn(process.execPath, [join(root, 'apps/server/src/main.ts')], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      DATA_DIR: home.dataDir,
      PORT: String(home.port),
      RTMP_PORT: String(home.rtmpPort),
      PUBLIC_URL: '',
      DATABASE_URL: '',
      DEMO: '1',
      ...settings,
    },
  })
  return follow(child, began)
}

export async function stopServer(server: Started): Promise<void> {
  server.child.kill('SIGINT')
  const late = setTimeout(() => server.child.kill('SIGKILL'), stopMsMax)
  await server.exited
  clearTimeout(late)
}
