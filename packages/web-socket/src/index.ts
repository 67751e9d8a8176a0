/**
 * The server's side of a WebSocket (RFC 6455) for rooms and video, which send one frame to thousands: the handshake, a reader of a client's
 * frames, and frames made once to be written to every raw socket, and who is let in. No server and no keeping of sockets in here.
 */

export { type Admission, type AdmissionLimits, Admissions, type Place } from './admission.ts'
export { type FrameListener, FrameReader } from './frame-reader.ts'
export { frameBinary, frameControl, frameText, headSize, writeHead } from './frames.ts'
export { HeldBuckets, type Rate, TokenBucket, TokenBuckets } from './token-bucket.ts'
export { type Handshake, offersDeflate, type Upgraded, type UpgradeRequest, upgrade } from './upgrade.ts'
