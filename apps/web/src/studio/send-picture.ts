import type { Picture } from '@chunbo/contract/basics'
import type { Problem } from '@chunbo/contract/problem'
import { ApiError } from '../ui/api-error.ts'

/**
 * POST /api/pictures (or another path that takes pictures) with the file in the field "file". By XMLHttpRequest and not fetch, which cannot tell how much has gone.
 * `tell` hears the share that is sent, from 0 to 1. Throws ApiError.
 */
export function sendPicture(
  file: Blob,
  signal: AbortSignal,
  tell: (share: number) => void,
  path = '/api/pictures',
): Promise<Picture> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    const stop = () => request.abort()
    request.open('POST', path)
    request.setRequestHeader('accept', 'application/json')
    request.responseType = 'json'
    request.timeout = 180_000
    request.upload.onprogress = (event) => event.lengthComputable && tell(event.loaded / event.total)
    request.onload = () => {
      const body: unknown = request.response
      if (request.status >= 200 && request.status < 300) resolve(body as Picture)
      else reject(refusal(request.status, body))
    }
    request.onerror = () => reject(new ApiError('offline'))
    request.ontimeout = () => reject(new ApiError('slow'))
    request.onabort = () => reject(new DOMException('aborted', 'AbortError'))
    request.onloadend = () => signal.removeEventListener('abort', stop)
    signal.addEventListener('abort', stop)
    const body = new FormData()
    body.set('file', file)
    request.send(body)
  })
}

function refusal(status: number, body: unknown): ApiError {
  const problem = typeof body === 'object' && body !== null ? (body as Partial<Problem>) : {}
  if (status === 401) return new ApiError('signed_out', status, problem)
  if (status === 503 || status === 429) return new ApiError('busy', status, problem)
  return new ApiError(status >= 500 ? 'failed' : 'refused', status, problem)
}
