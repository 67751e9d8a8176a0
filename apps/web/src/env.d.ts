/// <reference types="vite/client" />

declare module '*.svg?no-inline' {
  const url: string
  export default url
}

// hls.js ships no types for its light build, which has the same face.
declare module 'hls.js/light' {
  import Hls from 'hls.js'

  export default Hls
}
