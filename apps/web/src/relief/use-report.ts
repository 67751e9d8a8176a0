import type { AlertReceipt } from '@chunbo/contract/relief'
import { computed, reactive, ref, watch } from 'vue'
import { type ApiError, toApiError } from '../ui/api-error.ts'
import { makeUuid } from '../ui/make-uuid.ts'
import { useOnce } from '../ui/use-once.ts'
import { sendReport } from './api.ts'
import { emptyDraft, type Lack, lackOf, type ReportDraft, STEPS, todayInChina, toInput } from './report-draft.ts'

const KEPT_AT = 'chunbo.relief.draft'
/** Photos wait a day on the server, and a harvest does not wait longer for a draft. */
const KEPT_MS = 20 * 3_600_000

interface Kept {
  readonly at: number
  readonly step: number
  readonly draft: ReportDraft
}

/** What the phone has kept of a draft; storage that is full, closed or of an older form is nothing. */
function readKept(): Kept | null {
  try {
    const kept = JSON.parse(localStorage.getItem(KEPT_AT) ?? 'null') as Kept | null
    return kept !== null && Date.now() - kept.at < KEPT_MS && typeof kept.draft?.key === 'string' ? kept : null
  } catch {
    return null
  }
}

function writeKept(kept: Kept | null): void {
  try {
    if (kept === null) localStorage.removeItem(KEPT_AT)
    else localStorage.setItem(KEPT_AT, JSON.stringify(kept))
  } catch {
    // Without storage the form works as long as its page is open.
  }
}

/** The report form: its draft, kept on the phone at every key, its steps, and sending until it has arrived. */
export function useReport() {
  const today = () => todayInChina(Date.now())
  const blank = () => emptyDraft(makeUuid(), today())
  const kept = readKept()
  const draft = reactive<ReportDraft>({ ...blank(), ...kept?.draft })
  const at = ref(Math.min(Math.max(0, kept?.step ?? 0), STEPS.length - 1))
  const wasKept = ref(kept !== null)
  const lack = ref<Lack | null>(null)
  const attempt = ref(0)
  const failed = ref<ApiError | null>(null)
  const receipt = ref<AlertReceipt | null>(null)
  const step = computed(() => STEPS[at.value] ?? 'produce')

  watch([draft, at], () => receipt.value === null && writeKept({ at: Date.now(), step: at.value, draft }), {
    deep: true,
  })
  watch(draft, () => {
    lack.value = null
  })

  function startAnew(): void {
    Object.assign(draft, blank())
    at.value = 0
    wasKept.value = false
    receipt.value = null
    failed.value = null
    writeKept(null)
  }
  function goBack(): void {
    lack.value = null
    failed.value = null
    at.value = Math.max(0, at.value - 1)
  }
  const { busy, run: sendIt } = useOnce(async () => {
    failed.value = null
    try {
      receipt.value = await sendReport(toInput(draft), (n) => {
        attempt.value = n
      })
      writeKept(null)
    } catch (cause) {
      failed.value = toApiError(cause)
      // Photos that a report no longer finds would be refused for ever.
      if (failed.value.code === 'relief.picture_gone') draft.pictures = []
    }
  })
  async function goOn(): Promise<void> {
    lack.value = lackOf(step.value, draft, today())
    if (lack.value !== null) return
    wasKept.value = false
    if (at.value < STEPS.length - 1) {
      at.value += 1
      return
    }
    const missing = STEPS.findIndex((one) => lackOf(one, draft, today()) !== null)
    if (missing < 0) return sendIt()
    at.value = missing
    lack.value = lackOf(step.value, draft, today())
  }
  return { draft, step, at, lack, wasKept, busy, attempt, failed, receipt, goOn, goBack, startAnew }
}
