/**
 * China as square tiles, one a province, laid out so that neighbours stay neighbours; no boundary is drawn. The layout is CC0.
 * `short` is the one sign by which a province goes, `letters` its ISO 3166-2:CN code.
 */
export interface ProvinceTile {
  readonly code: number
  readonly name: string
  readonly short: string
  readonly letters: string
  readonly row: number
  readonly col: number
}

const tile = (code: number, name: string, short: string, letters: string, row: number, col: number): ProvinceTile => ({
  code,
  name,
  short,
  letters,
  row,
  col,
})

export const PROVINCE_TILES: readonly ProvinceTile[] = [
  tile(230000, '黑龙江省', '黑', 'HL', 0, 9),
  tile(150000, '内蒙古自治区', '蒙', 'NM', 1, 6),
  tile(220000, '吉林省', '吉', 'JL', 1, 9),
  tile(650000, '新疆维吾尔自治区', '新', 'XJ', 2, 1),
  tile(620000, '甘肃省', '甘', 'GS', 2, 3),
  tile(640000, '宁夏回族自治区', '宁', 'NX', 2, 4),
  tile(140000, '山西省', '晋', 'SX', 2, 6),
  tile(110000, '北京市', '京', 'BJ', 2, 7),
  tile(120000, '天津市', '津', 'TJ', 2, 8),
  tile(210000, '辽宁省', '辽', 'LN', 2, 9),
  tile(540000, '西藏自治区', '藏', 'XZ', 3, 2),
  tile(630000, '青海省', '青', 'QH', 3, 3),
  tile(610000, '陕西省', '陕', 'SN', 3, 5),
  tile(410000, '河南省', '豫', 'HA', 3, 6),
  tile(130000, '河北省', '冀', 'HE', 3, 7),
  tile(370000, '山东省', '鲁', 'SD', 3, 8),
  tile(510000, '四川省', '川', 'SC', 4, 4),
  tile(500000, '重庆市', '渝', 'CQ', 4, 5),
  tile(420000, '湖北省', '鄂', 'HB', 4, 6),
  tile(340000, '安徽省', '皖', 'AH', 4, 7),
  tile(320000, '江苏省', '苏', 'JS', 4, 8),
  tile(310000, '上海市', '沪', 'SH', 4, 9),
  tile(520000, '贵州省', '贵', 'GZ', 5, 5),
  tile(430000, '湖南省', '湘', 'HN', 5, 6),
  tile(360000, '江西省', '赣', 'JX', 5, 7),
  tile(330000, '浙江省', '浙', 'ZJ', 5, 8),
  tile(530000, '云南省', '滇', 'YN', 6, 4),
  tile(450000, '广西壮族自治区', '桂', 'GX', 6, 5),
  tile(440000, '广东省', '粤', 'GD', 6, 6),
  tile(350000, '福建省', '闽', 'FJ', 6, 7),
  tile(710000, '台湾省', '台', 'TW', 6, 9),
  tile(460000, '海南省', '琼', 'HI', 7, 5),
  tile(820000, '澳门特别行政区', '澳', 'MO', 7, 6),
  tile(810000, '香港特别行政区', '港', 'HK', 7, 7),
]

/** The province of a division: its code with only the first two digits. */
export const provinceOf = (divisionCode: number): number => Math.floor(divisionCode / 10_000) * 10_000
