import { ref, watch } from 'vue'

export const AREAS = ['stream', 'goods', 'show', 'talk'] as const
export type Area = (typeof AREAS)[number]
export const SHOW_PARTS = ['run', 'drops'] as const
export const TALK_PARTS = ['chat', 'questions', 'moderation'] as const
export const DROP_FORMS = ['coupon', 'bag', 'poll', 'notice'] as const
export type DropForm = (typeof DROP_FORMS)[number]

/**
 * Which parts of the desk are in front. A wide screen shows all four areas, a tablet the talk and one of the others, a phone one; keys and
 * buttons bring a part to the front without knowing which it is.
 */
export function useDeskPlaces() {
  const area = ref<Area>('goods')
  /** What a tablet shows beside the talk. */
  const beside = ref<Exclude<Area, 'talk'>>('goods')
  const show = ref<(typeof SHOW_PARTS)[number]>('run')
  const talk = ref<(typeof TALK_PARTS)[number]>('chat')
  const dropForm = ref<DropForm | null>(null)
  const keysOpen = ref(false)
  watch(area, (now) => {
    if (now !== 'talk') beside.value = now
  })
  function bringShow(part: (typeof SHOW_PARTS)[number]): void {
    area.value = 'show'
    show.value = part
  }
  function bringTalk(part: (typeof TALK_PARTS)[number]): void {
    area.value = 'talk'
    talk.value = part
  }
  function bringForm(form: DropForm): void {
    bringShow('drops')
    dropForm.value = form
  }
  return { area, beside, show, talk, dropForm, keysOpen, bringShow, bringTalk, bringForm }
}
export type DeskPlaces = ReturnType<typeof useDeskPlaces>
