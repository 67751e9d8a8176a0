import type { Shop, ShopEdit } from '@chunbo/contract/shops'
import { computed, reactive, ref, shallowRef, watch } from 'vue'
import { describeError, toApiError } from '../ui/api-error.ts'
import { toast } from '../ui/toast.ts'
import { useLoad } from '../ui/use-load.ts'
import { useOnce } from '../ui/use-once.ts'
import { changeShop, loadShop } from './api.ts'
import { refreshShopOfStudio } from './shop-of-studio.ts'
import { studioText } from './texts.ts'
import { shopText } from './texts-shop.ts'
import { useLeaveGuard } from './use-leave-guard.ts'

const FIELDS = ['nameZh', 'nameEn', 'aboutZh', 'aboutEn'] as const

/** State and acts of the page about the shop. A version that was overtaken is told as `conflict`, and what was typed stays. */
export function useShopForm(props: { shopId: number }) {
  const form = reactive({ nameZh: '', nameEn: '', aboutZh: '', aboutEn: '' })
  const shop = shallowRef<Shop>()
  const tried = ref(false)
  const error = ref<string>()
  const conflict = ref(false)
  const { dirty, guard } = useLeaveGuard()
  const refreshFrame = refreshShopOfStudio()

  function fillFrom(found: Shop): void {
    shop.value = found
    for (const field of FIELDS) form[field] = found[field]
    guard(form)
  }
  const start = useLoad(async (signal) => {
    fillFrom(await loadShop(props.shopId, signal))
    return true
  })
  const nameTrouble = computed(() => (tried.value && form.nameZh.trim() === '' ? studioText('required') : undefined))
  watch(form, () => {
    error.value = undefined
  })

  /** What was typed and differs from what the server has. */
  function editOf(before: Shop): ShopEdit {
    const edit: ShopEdit = {}
    for (const field of FIELDS) {
      const typed = form[field].trim()
      if (typed !== before[field]) edit[field] = typed
    }
    return edit
  }
  async function change(before: Shop, edit: ShopEdit): Promise<boolean> {
    try {
      shop.value = await changeShop(props.shopId, { ...edit, version: before.version })
      refreshFrame()
      return true
    } catch (cause) {
      const problem = toApiError(cause)
      if (problem.code === 'shops.changed_meanwhile') conflict.value = true
      else error.value = describeError(problem)
      return false
    }
  }
  const { busy, run: save } = useOnce(async () => {
    tried.value = true
    const before = shop.value
    if (!before || nameTrouble.value !== undefined) return
    const edit = editOf(before)
    if (Object.keys(edit).length > 0 && !(await change(before, edit))) return
    if (shop.value) fillFrom(shop.value)
    toast(studioText('saved'), 'check')
  })
  const { busy: turning, run: turn } = useOnce(async (status: Shop['status']) => {
    if (shop.value && (await change(shop.value, { status })))
      toast(shopText(status === 'closed' ? 'didClose' : 'didOpen'), 'check')
  })
  async function readNewest(): Promise<Shop> {
    return loadShop(props.shopId, AbortSignal.timeout(15_000))
  }
  async function takeNewest(): Promise<void> {
    fillFrom(await readNewest())
    conflict.value = false
  }
  /** Saves what was typed here; what was not touched stays as the other one left it. */
  async function saveMine(): Promise<void> {
    const [before, newest] = [shop.value, await readNewest()]
    for (const field of FIELDS) if (form[field].trim() === before?.[field]) form[field] = newest[field]
    shop.value = newest
    conflict.value = false
    await save()
  }
  return { start, form, shop, dirty, error, conflict, nameTrouble, busy, save, turning, turn, takeNewest, saveMine }
}
