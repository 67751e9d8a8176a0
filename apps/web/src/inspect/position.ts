import { onScopeDispose } from 'vue'
import type { Position } from './book.ts'

interface Fix extends Position {
  readonly accuracyM: number | null
}
const NOWHERE: Fix = { lngE5: null, latE5: null, accuracyM: null }

/** Where the phone is while the component lives; a satellite fix needs no network. Asks once for leave; without it there is no place. */
export function usePosition(): () => Fix {
  let fix = NOWHERE
  if (!('geolocation' in navigator)) return () => fix
  const watch = navigator.geolocation.watchPosition(
    ({ coords }) => {
      fix = {
        lngE5: Math.round(coords.longitude * 1e5),
        latE5: Math.round(coords.latitude * 1e5),
        accuracyM: Math.min(100_000, Math.round(coords.accuracy)),
      }
    },
    () => {},
    { enableHighAccuracy: true, maximumAge: 60_000 },
  )
  onScopeDispose(() => navigator.geolocation.clearWatch(watch))
  return () => fix
}
