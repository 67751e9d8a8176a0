/** Names of peoples that stand in the names of autonomous counties and provinces, longest first. */
const PEOPLES =
  /(?:塔吉克|哈萨克|达斡尔|鄂温克|鄂伦春|维吾尔|柯尔克孜|乌孜别克|保安|布依|布朗|朝鲜|傈僳|哈尼|拉祜|纳西|景颇|普米|德昂|独龙|基诺|土家|仡佬|仫佬|毛南|撒拉|东乡|裕固|锡伯|蒙古|满|回|苗|壮|瑶|彝|侗|水|羌|藏|畲|黎|京|土|白|傣|佤|怒|各)族/g

/** A short Chinese name: "景东彝族自治县" -> "景东", "云南省" -> "云南"; a name of one sign keeps its ending. */
export function shortNameZh(name: string): string {
  const bare = name
    .replace(PEOPLES, '')
    .replace(/(?:维吾尔|壮族|回族)?自治[区州县旗]$|特别行政区$|[省市县区旗州]$|地区$/, '')
  return bare.length >= 2 ? bare : name
}
