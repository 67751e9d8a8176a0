import { shallowRef } from 'vue'

/** A question before something that cannot be undone, in words. */
export interface Question {
  readonly title: string
  readonly body: string
  readonly yes: string
  readonly no: string
  readonly dangerous?: boolean
  /** A word to be typed before yes is possible, for the most final acts, and what to say above the field. */
  readonly word?: string
  readonly wordLabel?: string
}
interface Asked extends Question {
  readonly answer: (yes: boolean) => void
}

export const asked = shallowRef<Asked | null>(null)

/** Asks and answers true for yes. A question that is asked while another stands answers the first with no. Needs an ask-host on the page. */
export function askFirst(question: Question): Promise<boolean> {
  asked.value?.answer(false)
  return new Promise((resolve) => {
    asked.value = {
      ...question,
      answer: (yes) => {
        asked.value = null
        resolve(yes)
      },
    }
  })
}
