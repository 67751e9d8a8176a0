import { createLog } from '../../platform/log.ts'
import { createMediaChild } from '../media-child.ts'

/** Starts a media process, says so, and stays until somebody kills it. */
const [, , recordingsDir = ''] = process.argv
const child = createMediaChild({
  settings: () => ({
    rtmpPort: 0,
    mediaPort: null,
    publicUrl: 'http://localhost',
    trustProxy: false,
    storage: { kind: 'folder', root: recordingsDir },
    freeBytesMin: 0,
    limits: { resumeMs: 60_000 },
    ladders: 0,
    streamKeySecret: '',
    secret: 'x',
    logLevel: 'silent',
  }),
  log: createLog('silent'),
  onListening: ({ rtmpPort }) => process.stdout.write(`listening ${rtmpPort}\n`),
  onWord: () => {},
  onGone: () => {},
})
await child.start()
