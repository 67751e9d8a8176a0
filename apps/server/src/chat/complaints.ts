import { foldText } from './fold-text.ts'
import { recogniseQuestion } from './recognise-question.ts'

/** What is wrong with goods, a parcel or money. */
const WRONG =
  /烂|坏(?!人|笑)|发霉|霉了|长毛|臭了|馊|压扁|破损|少发|漏发|发错|没收到|没发货|不发货|缺斤|少了.{0,3}[斤两个]|退钱|退款|投诉|骗|rotten|mou?ldy|spoil|damaged|broken|squashed|wrong (?:item|parcel|goods)|missing|never (?:came|arrived)|not arrived|refund|money back|scam/
/** Said by somebody who has bought; without it a question about bad goods is one of a buyer to be: "坏了包赔吗". */
const HAS_BOUGHT =
  /收到|到手|到货了|拿到|打开|拆开|昨天|前天|上次|上回|上周|我买的|买了|下的单|received|arrived|came|i got|i bought|i ordered|my (?:order|parcel|box|peas|fruit)|last (?:time|week)|yesterday/
const KEPT_MS = 10 * 60_000
/** People a room remembers; from here on it is a spike whatever comes. */
const PEOPLE_MAX = 5_000

/** Whether a line of chat complains of goods that were bought, in Chinese and English. */
export function isComplaint(text: string): boolean {
  const folded = foldText(text)
  return WRONG.test(folded) && (HAS_BOUGHT.test(folded) || recogniseQuestion(text) === null)
}

/** Who complained in a room within ten minutes, each once, as this process has heard it. */
export interface Complaints {
  /** A viewer said a line. Never throws and never waits. */
  heard(roomId: number, userId: number, text: string, atMs: number): void
  /** People who complained in the ten minutes before `nowMs`. */
  count(roomId: number, nowMs: number): number
}

export function createComplaints(): Complaints {
  const rooms = new Map<number, Map<number, number>>()
  /** Oldest first, so that what is over stands at the beginning. */
  const forget = (people: Map<number, number>, nowMs: number) => {
    for (const [userId, atMs] of people) {
      if (nowMs - atMs < KEPT_MS && people.size <= PEOPLE_MAX) return
      people.delete(userId)
    }
  }
  return {
    heard(roomId, userId, text, atMs) {
      if (!isComplaint(text)) return
      const people = rooms.get(roomId) ?? new Map<number, number>()
      rooms.set(roomId, people)
      people.delete(userId)
      people.set(userId, atMs)
      forget(people, atMs)
    },
    count(roomId, nowMs) {
      const people = rooms.get(roomId)
      if (people === undefined) return 0
      forget(people, nowMs)
      if (people.size === 0) rooms.delete(roomId)
      return people.size
    },
  }
}
