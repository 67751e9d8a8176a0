import type { MediaSettings } from '../media-words.ts'

/** Settings of a media process that records into a folder and answers nobody but its parent. */
export function plainSettings(recordingsDir: string, rtmpPort = 0): MediaSettings {
  return {
    rtmpPort,
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
  }
}
