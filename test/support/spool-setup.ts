import files from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RocketMQError } from '../../lib/errors'
import { type ResolvedOutboxOptions, checkedOutbox } from '../../lib/producer/outbox/outbox-options'
import { Spool, type SpoolTools } from '../../lib/producer/outbox/spool'
import type { SpoolEntry } from '../../lib/producer/outbox/spool-entry'
import type { SpoolFs } from '../../lib/producer/outbox/spool-files'
import type { SpooledMessage } from '../../lib/producer/outbox/spool-record'
import { ManualClock } from '../../lib/runtime/manual-clock'

/** Folders of one test file, removed when its tests are over. */
export function spoolFolders() {
  let root: string | undefined
  afterAll(async () => {
    if (root !== undefined) await files.rm(root, { recursive: true, force: true })
  })
  let count = 0
  const fresh = async (): Promise<string> => {
    root ??= await files.mkdtemp(join(tmpdir(), 'rocketwire-spool-'))
    const folder = join(root, String(count++))
    await files.mkdir(folder)
    return folder
  }
  /** What a process that is killed now would leave. */
  const afterCrash = async (directory: string): Promise<string> => {
    const folder = await fresh()
    await files.cp(directory, folder, { recursive: true })
    await files.rm(join(folder, 'lock'), { force: true })
    return folder
  }
  return { fresh, afterCrash }
}

export function spooled(fields: Partial<SpooledMessage> = {}): SpooledMessage {
  const body = Buffer.from('body')
  const text = { msgId: 'ID', topic: 'T', properties: 'UNIQ_KEY\u0001ID\u0002' }
  return { ...text, body, flag: 0, sysFlag: 0, isTimer: false, maybeSent: false, spooledAt: 0, ...fields }
}

export function outboxSettings(options: Partial<ResolvedOutboxOptions> & { directory: string }): ResolvedOutboxOptions {
  return checkedOutbox(options) as ResolvedOutboxOptions
}

export interface OpenedForTest {
  readonly spool: Spool
  readonly clock: ManualClock
  /** All that waits or has waited, in the order in which it was told. */
  readonly entries: SpoolEntry[]
  readonly errors: RocketMQError[]
}

/** @param fakes take the place of calls of the file system */
export async function openedSpool(
  options: Partial<ResolvedOutboxOptions> & { directory: string },
  fakes: Partial<SpoolFs> = {},
): Promise<OpenedForTest> {
  const clock = new ManualClock()
  const entries: SpoolEntry[] = []
  const errors: RocketMQError[] = []
  const onAppended: SpoolTools['onAppended'] = more => entries.push(...more)
  const tools = {
    files: { ...files, ...fakes },
    clock,
    onAppended,
    onBackgroundError: (e: RocketMQError) => errors.push(e),
  }
  return { spool: await Spool.open(outboxSettings(options), tools), clock, entries, errors }
}

/** What taking a folder needs. */
export function lockTools(fakes: Partial<SpoolFs> = {}, clock = new ManualClock()) {
  const errors: RocketMQError[] = []
  const onBackgroundError = (error: RocketMQError): void => void errors.push(error)
  return { files: { ...files, ...fakes }, clock, onBackgroundError, errors }
}

/** A failure of the system, as Node throws it. */
export function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: a failure of the test`), { code })
}
