import type { Lot, SkuEdit, StudioSku } from '@chunbo/contract/catalogue'
import { formatYuan } from '@chunbo/contract/money'
import { computed, nextTick, ref, shallowRef, watch } from 'vue'
import { useRouter } from 'vue-router'
import { ApiError, describeError, toApiError } from '../ui/api-error.ts'
import { askFirst } from '../ui/ask-first.ts'
import { toast } from '../ui/toast.ts'
import { useLoad } from '../ui/use-load.ts'
import { useOnce } from '../ui/use-once.ts'
import { changeSku, createSku, loadLots, loadSkus } from './api.ts'
import { isEmptyEdit, newSkuForm, skuEdit, skuFormOf, skuInput, skuTrouble } from './sku-form.ts'
import { studioText } from './texts.ts'
import { skuText } from './texts-skus.ts'
import { useLeaveGuard } from './use-leave-guard.ts'
import { usePictures } from './use-pictures.ts'

/** What becomes of the product's status when the form is saved. */
export type SaveMode = 'keep' | 'publish' | 'takeOff'

/** State and acts of the product form. A version that was overtaken is told as `conflict`, and what was typed stays. */
export function useSkuForm(props: { shopId: number; skuId: number | null; lotId: number | null }) {
  const router = useRouter()
  const form = ref(newSkuForm(undefined))
  const lots = shallowRef<Lot[]>([])
  const sku = shallowRef<StudioSku>()
  const pictures = usePictures()
  const tried = ref(false)
  const error = ref<string>()
  const conflict = ref<SaveMode | null>(null)
  const { dirty, guard } = useLeaveGuard()
  const lot = computed(() => lots.value.find((one) => one.id === form.value.lotId))
  const trouble = computed(() => skuTrouble(form.value, sku.value ? undefined : lot.value))

  function fillFrom(found: StudioSku | undefined): void {
    sku.value = found
    form.value = found
      ? skuFormOf(found)
      : newSkuForm(
          lots.value.find((one) => one.id === props.lotId) ??
            lots.value.find((one) => one.allocatedG < one.grams) ??
            lots.value[0],
        )
    pictures.fill(found?.pictures ?? [])
    guard(form.value)
  }
  const start = useLoad(async (signal) => {
    const [allLots, skus] = await Promise.all([
      loadLots(props.shopId, signal),
      props.skuId === null ? [] : loadSkus(props.shopId, signal),
    ])
    lots.value = allLots
    const found = skus.find((one) => one.skuId === props.skuId)
    if (props.skuId !== null && !found)
      throw new ApiError('refused', 404, { texts: { zh: '没有这个商品', en: 'There is no such product' } })
    fillFrom(found)
    return true
  })
  /** Looks at stock and version anew, and leaves what was typed alone. */
  async function refresh(): Promise<void> {
    const signal = AbortSignal.timeout(15_000)
    const [allLots, skus] = await Promise.all([loadLots(props.shopId, signal), loadSkus(props.shopId, signal)])
    lots.value = allLots
    sku.value = skus.find((one) => one.skuId === props.skuId) ?? sku.value
  }
  watch(
    [form, pictures.ids],
    () => {
      error.value = undefined
    },
    { deep: true },
  )
  watch(pictures.ids, (ids) => {
    const before = sku.value?.pictures.map((picture) => picture.id) ?? []
    if (ids.join() !== before.join()) dirty.value = true
  })

  async function create(mode: SaveMode): Promise<void> {
    const input = skuInput(form.value, pictures.ids.value)
    if (!input) return
    const made = await createSku(props.shopId, input)
    dirty.value = false
    if (mode === 'publish') {
      try {
        await changeSku(props.shopId, made.skuId, { version: made.version, status: 'on_sale' })
      } catch (cause) {
        toast(skuText('draftKept', { why: describeError(toApiError(cause)) }), 'warning')
        await router.replace(`/studio/${props.shopId}/skus/${made.skuId}`)
        return
      }
    }
    toast(mode === 'publish' ? skuText('published') : studioText('saved'), 'check')
    await router.push(`/studio/${props.shopId}/skus`)
  }
  async function change(mode: SaveMode, before: StudioSku): Promise<void> {
    const edit: SkuEdit | undefined = skuEdit(form.value, pictures.ids.value, before)
    if (!edit || !(await priceIsMeant(before, edit))) return
    if (mode === 'publish') edit.status = 'on_sale'
    if (mode === 'takeOff') edit.status = 'off'
    if (!isEmptyEdit(edit)) await changeSku(props.shopId, before.skuId, edit)
    dirty.value = false
    toast(
      mode === 'publish' ? skuText('published') : mode === 'takeOff' ? skuText('takenOff') : studioText('saved'),
      'check',
    )
    await router.push(`/studio/${props.shopId}/skus`)
  }

  const { busy, run: save } = useOnce(async (mode: SaveMode) => {
    tried.value = true
    error.value = undefined
    await nextTick()
    if (Object.keys(trouble.value).length > 0) return
    if (!sku.value && !lot.value) {
      error.value = skuText('noLots')
      return
    }
    if (pictures.sending.value) {
      error.value = skuText('waitUploads')
      return
    }
    try {
      if (sku.value) await change(mode, sku.value)
      else await create(mode)
    } catch (cause) {
      const problem = toApiError(cause)
      if (problem.code === 'catalogue.changed_meanwhile') conflict.value = mode
      else error.value = describeError(problem)
    }
  })
  async function takeNewest(): Promise<void> {
    await refresh()
    fillFrom(sku.value)
    conflict.value = null
  }
  async function saveMine(): Promise<void> {
    const mode = conflict.value ?? 'keep'
    await refresh()
    conflict.value = null
    await save(mode)
  }
  return {
    start,
    form,
    lots,
    lot,
    sku,
    pictures,
    tried,
    trouble,
    error,
    conflict,
    busy,
    save,
    refresh,
    takeNewest,
    saveMine,
  }
}

/** A price of something on sale is changed only on purpose. */
async function priceIsMeant(before: StudioSku, edit: SkuEdit): Promise<boolean> {
  if (before.status !== 'on_sale' || edit.priceFen === undefined) return true
  const [price, old] = [`¥${formatYuan(edit.priceFen)}`, `¥${formatYuan(before.priceFen)}`]
  return askFirst({
    title: skuText('priceChangeTitle', { price }),
    body: skuText('priceChangeBody', { old }),
    yes: skuText('priceChangeYes', { price }),
    no: studioText('cancel'),
  })
}
