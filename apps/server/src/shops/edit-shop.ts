import type { ShopEdit } from '@chunbo/contract'
import { type Database, first, type Queryable } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'

/** What has to happen with a shop in the transaction that closes it; what it gives runs after the commit. */
export type OnClosing = (tx: Queryable, shopId: number, at: Date) => Promise<(() => void) | undefined>

/**
 * Changes what an edit names. With a version, one that stands no longer is refused. Closing takes all goods off sale in the
 * same transaction. @throws Refusal shops.not_found, shops.changed_meanwhile
 */
export async function editShop(
  db: Database,
  shopId: number,
  edit: ShopEdit,
  at: Date,
  onClosing: OnClosing | undefined,
): Promise<void> {
  const afterwards = await db.transaction(async (tx) => {
    const changed = await tx.query(
      `update shops set version = version + 1, name_zh = coalesce($3, name_zh), name_en = coalesce($4, name_en),
         about_zh = coalesce($5, about_zh), about_en = coalesce($6, about_en), status = coalesce($7, status)
       where id = $1 and ($2::int is null or version = $2) returning id`,
      [
        shopId,
        edit.version ?? null,
        edit.nameZh ?? null,
        edit.nameEn ?? null,
        edit.aboutZh ?? null,
        edit.aboutEn ?? null,
        edit.status ?? null,
      ],
    )
    if (changed.length === 0) {
      const exists = first(await tx.query('select id from shops where id = $1', [shopId]))
      throw new Refusal(exists ? 'shops.changed_meanwhile' : 'shops.not_found')
    }
    return edit.status === 'closed' ? onClosing?.(tx, shopId, at) : undefined
  })
  afterwards?.()
}
