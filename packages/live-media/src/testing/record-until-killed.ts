import { readFile } from 'node:fs/promises'
import { createLiveHub } from '../live-hub.ts'
import { readFlvTags } from '../rtmp/flv-tags.ts'
import { feed } from './feed.ts'
import { createFolderStorage } from './folder-storage.ts'

/** Records room 1 from an FLV file in a loop, faster than real time, until somebody kills the process. */
const [, , folder = '', clipPath = ''] = process.argv
// The clip's sound is longer than its picture; in a loop it would run ahead and overlap behind a crash.
const tags = readFlvTags(await readFile(clipPath)).filter(({ timestampMs }) => timestampMs < 1_960)
const hub = createLiveHub({ storage: createFolderStorage(folder) })
const answer = await hub.openIngest({ roomId: 1, protocol: 'rtmp', onEvicted: () => {} })
if (answer.kind === 'refused') throw new Error(answer.refusal.en)
for (let round = 0; ; round++) {
  feed(answer.sink, tags, round * 2_000)
  await new Promise((resolve) => setTimeout(resolve, 20))
}
