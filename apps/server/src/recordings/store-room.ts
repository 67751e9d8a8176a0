import type { RecordingStore } from '@chunbo/contract'
import type { Platform } from '../platform/slice.ts'

/** Below this many times the floor it is time to act: at 60 streams of 1.5 Mbit/s a gigabyte lasts for a minute and a half. */
const LOW_TIMES = 5

/** Where recordings lie and whether there is room for more. */
export async function readStore({ config, storage }: Platform): Promise<RecordingStore> {
  const floorBytes = config.recordingFreeMb * 1_048_576
  const freeBytes = await storage.freeBytes()
  const state =
    freeBytes === null || freeBytes >= floorBytes * LOW_TIMES ? 'enough' : freeBytes >= floorBytes ? 'low' : 'full'
  return { kind: config.storageS3 ? 'bucket' : 'folder', freeBytes, floorBytes, state }
}
