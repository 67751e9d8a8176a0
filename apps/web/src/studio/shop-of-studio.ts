import { type InjectionKey, inject, provide } from 'vue'

/** The studio's frame shows the shop's name and whether it is closed; a page that changes the shop tells the frame to look again. */
const key: InjectionKey<() => void> = Symbol('shop of the studio')

export function provideShopRefresh(refresh: () => void): void {
  provide(key, refresh)
}
/** Gives what makes the frame read the shop anew; nothing where there is no frame. */
export function refreshShopOfStudio(): () => void {
  return inject(key, () => undefined)
}
