import type { Certificate } from '@chunbo/contract'
import { formatTotalWeight } from '@chunbo/contract/mass'

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const safe = (text: string) => text.replace(/[&<>"']/g, (sign) => escapes[sign] ?? sign)

export const PRINT_STYLE = `
  @page { size: A5; margin: 10mm }
  body { max-width: 128mm; margin: 10mm auto; color: #000; font: 11pt/1.5 "PingFang SC", "Noto Sans SC", "Microsoft YaHei", sans-serif }
  h1 { margin: 0; text-align: center; font-size: 17pt; letter-spacing: .1em } .en { color: #444; font-size: 8.5pt }
  h1 + .en { text-align: center } p { margin: 2mm 0 } table { width: 100%; border-collapse: collapse; margin: 3mm 0 }
  th, td { border: .3mm solid #000; padding: 1.2mm 2mm; text-align: left; vertical-align: top } th { width: 30%; font-weight: 600 }
  th .en { display: block; font-weight: 400 } .void { border: .8mm solid #b00; color: #b00; padding: 2mm; text-align: center; font-weight: 700 }
  svg { height: 16mm; width: 40mm } svg path { fill: none; stroke: #000; stroke-width: 14; stroke-linecap: round; stroke-linejoin: round }
  .no { font-variant-numeric: tabular-nums } .foot { border-top: .3mm solid #000; padding-top: 2mm; font-size: 9pt; word-break: break-all }`

const GRADES: Readonly<Record<string, string>> = {
  special: '特级 Extra class',
  first: '一级 Class I',
  second: '二级 Class II',
  ungraded: '统货 Ungraded',
}

const row = (zh: string, en: string, value: string) =>
  `<tr><th>${zh}<span class="en">${en}</span></th><td>${value}</td></tr>`
const signature = (path: string) => `<svg viewBox="0 0 1000 400" role="img"><path d="${safe(path)}"/></svg>`

/** How it was tested, with the box ticked that is true: a rapid card on the spot is the producer's side testing itself. */
function basis(certificate: Certificate): string {
  const tick = (is: boolean) => (is ? '☑' : '☐')
  const tested = certificate.residue === 'negative'
  return [
    `${tick(false)} 委托检测 <span class="en">by a laboratory</span>`,
    `${tick(tested)} 自我检测（农残速测卡：阴性） <span class="en">own test (rapid card: negative)</span>`,
    `${tick(true)} 内部质量控制（抽样 ${certificate.samples} 处、${certificate.pieces} 个） <span class="en">own control (${certificate.samples} samples, ${certificate.pieces} pieces)</span>`,
    `${tick(!tested)} 自我承诺 <span class="en">own promise</span>`,
  ].join('<br>')
}

/** The certificate as a page to print, in Chinese with English beside it; `link` is the address of its page on this site. */
export function printCertificate(certificate: Certificate, link: string): string {
  const { place } = certificate
  const where = [...new Set([place.province, place.prefecture, place.county])].join('') + certificate.village
  const standing = certificate.holds
    ? ''
    : `<p class="void">本证已作废${certificate.replacedBy ? `，以 ${safe(certificate.replacedBy)} 为准` : ''} · Void</p>`
  return `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>承诺达标合格证 ${safe(certificate.number)}</title><style>${PRINT_STYLE}</style></head><body>
<h1>承诺达标合格证</h1><div class="en">Certificate of conformity by promise</div>${standing}
<p>我承诺对生产销售的食用农产品：<br>☑ 不使用禁用农药兽药、停用兽药和非法添加物<br>☑ 常规农药兽药残留不超标<br>☑ 对承诺的真实性负责
<br><span class="en">I promise: no forbidden pesticides, veterinary drugs or additives; residues within the limits; and I answer for this promise.</span></p>
<p>承诺依据 <span class="en">On what it rests</span><br>${basis(certificate)}</p>
<table>${[
    row('产品名称', 'Produce', `${safe(certificate.produceZh)} · ${safe(certificate.produceEn)}`),
    row(
      '数量（重量）',
      'Weight',
      `${formatTotalWeight(certificate.grams, 'zh')} · ${formatTotalWeight(certificate.grams, 'en')}`,
    ),
    row('产地', 'Place', safe(where)),
    row('生产者', 'Producer', `${safe(certificate.producer)}<br>${signature(certificate.signatures.farmer)}`),
    row('联系方式', 'Contact', safe(certificate.phone) || '—'),
    row('开具日期', 'Date', certificate.issuedOn),
    row('等级', 'Grade', GRADES[certificate.grade] ?? ''),
    row('验货员', 'Inspector', `${safe(certificate.inspector)}<br>${signature(certificate.signatures.inspector)}`),
    row(
      '编号',
      'Number',
      `<span class="no">${safe(certificate.number)}</span>${certificate.batch ? ` · ${safe(certificate.batch)}` : ''}`,
    ),
  ].join('')}</table>
<p class="foot">查验 Check: ${safe(link)}</p></body></html>`
}
