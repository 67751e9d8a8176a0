import { createLog } from '../../platform/log.ts'
import { createMediaChild } from '../media-child.ts'
import { plainSettings } from './media-settings.ts'

/** Starts a media process, says so, and stays until somebody kills it. */
const [, , recordingsDir = ''] = process.argv
const child = createMediaChild({
  settings: () => plainSettings(recordingsDir),
  log: createLog('silent'),
  onListening: ({ rtmpPort }) => process.stdout.write(`listening ${rtmpPort}\n`),
  onWord: () => {},
  onGone: () => {},
})
await child.start()
