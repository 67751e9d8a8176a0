/** Longest side that is kept on the server too; more only costs the farmer's data. */
const SIDE_MAX_PX = 1600
const QUALITY = 0.8
/** Below this a photo is sent as it is. */
const SMALL_BYTES = 300_000

/**
 * Makes a photo small enough for a weak network: at most 1600 pixels long, as JPEG, upright and without the place where it
 * was taken. A file that the browser cannot draw goes as it is, for the server to say what is wrong.
 */
export async function shrinkPhoto(file: Blob): Promise<Blob> {
  if (file.size <= SMALL_BYTES) return file
  try {
    const photo = await createImageBitmap(file, { imageOrientation: 'from-image' })
    const scale = Math.min(1, SIDE_MAX_PX / Math.max(photo.width, photo.height))
    const canvas = document.createElement('canvas')
    canvas.width = Math.round(photo.width * scale)
    canvas.height = Math.round(photo.height * scale)
    canvas.getContext('2d')?.drawImage(photo, 0, 0, canvas.width, canvas.height)
    photo.close()
    const small = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', QUALITY))
    return small !== null && small.size < file.size ? small : file
  } catch {
    return file
  }
}
