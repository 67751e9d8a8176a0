/**
 * A reason why this process must not start, told to the person at the terminal as one line in Chinese and English.
 * Anything else that is thrown while starting is a defect and keeps its stack.
 */
export class StartRefusal extends Error {
  readonly code: string
  readonly zh: string
  readonly en: string

  /** `zh` and `en` each say in one sentence what is wrong and what to do. */
  constructor(code: string, zh: string, en: string, options?: ErrorOptions) {
    super(en, options)
    this.name = 'StartRefusal'
    this.code = code
    this.zh = zh
    this.en = en
  }

  /** The line for the terminal, without a line break even when a part of it came from outside. */
  get line(): string {
    return `春播 chunbo: ${this.zh} / ${this.en} [${this.code}]`.replaceAll(/\s*[\r\n]+\s*/g, ' ')
  }
}

/** Refusal for a TCP port that another program holds. `variable` is the environment variable that chooses the port. */
export function portInUse(port: number, variable: string): StartRefusal {
  return new StartRefusal(
    'port.in_use',
    `端口 ${port} 已被别的程序占用：请关闭该程序，或用 ${variable}=<端口> 换一个端口`,
    `port ${port} is in use by another program; stop that program or choose another port with ${variable}=<port>`,
  )
}

/**
 * Turns what the operating system said about the data folder into a refusal, or gives undefined when the error is
 * about something else.
 */
export function dataFolderRefusal(error: unknown, folder: string): StartRefusal | undefined {
  const code = errorCode(error)
  if (code === 'ENOSPC' || code === 'EDQUOT') return dataFolderFull(folder, undefined, error)
  if (code === 'EROFS' || code === 'EACCES' || code === 'EPERM') {
    return new StartRefusal(
      'data_folder.read_only',
      `数据目录 ${folder} 不可写：请修改其权限，或用 DATA_DIR 另选目录`,
      `the data folder ${folder} cannot be written to; change its permissions or choose another one with DATA_DIR`,
      { cause: error },
    )
  }
  if (code === 'ENOTDIR' || code === 'EEXIST') {
    return new StartRefusal(
      'data_folder.not_a_folder',
      `${folder} 不是目录：请移走该文件，或用 DATA_DIR 另选目录`,
      `${folder} is not a folder; move that file away or choose another folder with DATA_DIR`,
      { cause: error },
    )
  }
  return undefined
}

/** Refusal for a data folder without room. `neededMb` is the least free space in MB that a start asks for. */
export function dataFolderFull(folder: string, neededMb?: number, cause?: unknown): StartRefusal {
  const zhNeed = neededMb === undefined ? '' : `（至少需要 ${neededMb} MB）`
  const enNeed = neededMb === undefined ? '' : ` (at least ${neededMb} MB are needed)`
  return new StartRefusal(
    'data_folder.full',
    `数据目录 ${folder} 所在磁盘已满${zhNeed}：请腾出空间，或用 DATA_DIR 另选目录`,
    `the disk of the data folder ${folder} is full${enNeed}; free some space or choose another folder with DATA_DIR`,
    { cause },
  )
}

/** The `code` of a system error (`ENOENT`, `EADDRINUSE`, ...), or undefined for anything else. */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}

/** Refusal for a bucket that says no: a wrong name or key would lose every recording without a word. */
export function bucketRefuses(status: number, cause: unknown): StartRefusal {
  return new StartRefusal(
    'storage.refuses',
    `存储桶拒绝写入（${status}）：请检查 STORAGE_S3_ENDPOINT、STORAGE_S3_BUCKET、STORAGE_S3_REGION 和两个密钥`,
    `the bucket refuses to take files (${status}); check STORAGE_S3_ENDPOINT, STORAGE_S3_BUCKET, STORAGE_S3_REGION and both keys`,
    { cause },
  )
}
