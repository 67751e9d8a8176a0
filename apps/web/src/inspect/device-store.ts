import type { InspectionOp, MyInspections } from '@chunbo/contract/inspections'

/**
 * What this phone keeps of inspections, in IndexedDB: the server's last word, every operation that it has not acknowledged, and the
 * photos. An operation is on disk before the screen shows it, so a killed browser loses nothing.
 */
export interface KeptOp {
  readonly n: number
  readonly userId: number
  readonly op: InspectionOp
  /** Why the server did not take it, in both languages; null while it waits. */
  readonly refused: { readonly code: string; readonly zh: string; readonly en: string } | null
}
export interface KeptPhoto {
  readonly id: string
  readonly userId: number
  readonly inspectionId: string
  readonly blob: Blob
  readonly sent: boolean
}
export interface KeptFacts {
  readonly device: string
  readonly mine: MyInspections | null
  readonly sentAt: string | null
}

type StoreName = 'ops' | 'photos' | 'facts'

const done = <T>(request: IDBRequest<T>) =>
  new Promise<T>((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })

let opening: Promise<IDBDatabase> | null = null

function open(): Promise<IDBDatabase> {
  opening ??= new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open('chunbo-inspect', 1)
    request.onupgradeneeded = () => {
      const db = request.result
      db.createObjectStore('ops', { keyPath: 'n', autoIncrement: true })
      db.createObjectStore('photos', { keyPath: 'id' })
      db.createObjectStore('facts')
    }
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  }).catch((error: unknown) => {
    opening = null
    throw error
  })
  return opening
}

type Stores = (name: StoreName) => IDBObjectStore

/** Runs `work` in one transaction and returns when it is on disk. `work` waits for nothing but the stores. */
async function transact<T>(mode: IDBTransactionMode, work: (stores: Stores) => Promise<T> | T): Promise<T> {
  const db = await open()
  const tx = db.transaction(['ops', 'photos', 'facts'], mode, { durability: 'strict' })
  const ended = new Promise<void>((resolve, reject) => {
    tx.oncomplete = () => resolve()
    tx.onerror = () => reject(tx.error)
    tx.onabort = () => reject(tx.error)
  })
  const [result] = await Promise.all([work((name) => tx.objectStore(name)), ended])
  return result
}

export interface Kept {
  readonly ops: KeptOp[]
  readonly photos: KeptPhoto[]
  readonly facts: KeptFacts
}

/** Everything that is kept. */
export function readKept(makeDevice: () => string): Promise<Kept> {
  return transact('readwrite', async (stores) => {
    const facts = stores('facts')
    const [ops, photos, known, mine, sentAt] = await Promise.all([
      done<KeptOp[]>(stores('ops').getAll()),
      done<KeptPhoto[]>(stores('photos').getAll()),
      done<string | undefined>(facts.get('device')),
      done<MyInspections | undefined>(facts.get('mine')),
      done<string | undefined>(facts.get('sentAt')),
    ])
    const device = known ?? makeDevice()
    if (known === undefined) facts.put(device, 'device')
    return { ops, photos, facts: { device, mine: mine ?? null, sentAt: sentAt ?? null } }
  })
}

/** Keeps operations, and with them a photo, in one step. */
export function keepOps(userId: number, ops: readonly InspectionOp[], photo?: KeptPhoto): Promise<void> {
  return transact('readwrite', (stores) => {
    for (const op of ops) stores('ops').add({ userId, op, refused: null })
    if (photo) stores('photos').put(photo)
  })
}

/** The server's answer to operations: what it took is let go of together with keeping what it says now. */
export function keepAnswer(change: {
  readonly taken: readonly number[]
  readonly refused: readonly KeptOp[]
  readonly mine: MyInspections
  readonly sentAt: string
}): Promise<void> {
  return transact('readwrite', (stores) => {
    for (const n of change.taken) stores('ops').delete(n)
    for (const kept of change.refused) stores('ops').put(kept)
    stores('facts').put(change.mine, 'mine')
    stores('facts').put(change.sentAt, 'sentAt')
  })
}

export const keepMine = (mine: MyInspections): Promise<void> =>
  transact('readwrite', (stores) => void stores('facts').put(mine, 'mine'))

export const forgetOp = (n: number): Promise<void> => transact('readwrite', (stores) => void stores('ops').delete(n))

/** Photos that have gone out, and those that nobody needs here any more. */
export function keepPhotos(sent: readonly KeptPhoto[], forget: readonly string[]): Promise<void> {
  return transact('readwrite', (stores) => {
    for (const photo of sent) stores('photos').put({ ...photo, sent: true })
    for (const id of forget) stores('photos').delete(id)
  })
}
