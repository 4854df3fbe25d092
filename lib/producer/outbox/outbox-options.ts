import { checkedRange } from '../../client/checked-options'
import { RocketMQError } from '../../errors'
import { type OptionNames, checkOptions } from '../../model/option-checks'

/**
 * When spooled messages are forced to the disk. `always`: before a send resolves, many sends by one call. `interval`: every
 * `fsyncIntervalMs`. `never`: when the operating system likes. With the last two a process that is killed loses nothing, a
 * machine that loses power may.
 */
export type OutboxFsync = 'always' | 'interval' | 'never'

/** Where messages wait while no broker takes them. */
export interface OutboxOptions {
  /** Folder of this producer alone; made where it does not exist. */
  readonly directory: string
  /** A send that fails is repeated until so long after its beginning, ms, and then goes into the spool; default 1000. */
  readonly afterMs?: number
  /** Bytes of all files, rejected messages included; sends fail with OUTBOX_FULL beyond it. Default 268435456. */
  readonly maxBytes?: number
  /** Messages that may wait; their places in the files are kept in memory. Default 1000000. */
  readonly maxMessages?: number
  /** A new file begins at this size, bytes; default 16777216. */
  readonly segmentBytes?: number
  /** Default `always`. */
  readonly fsync?: OutboxFsync
  /** With `fsync: 'interval'`, ms; default 1000. */
  readonly fsyncIntervalMs?: number
  /** Spooled messages that are sent a second when brokers are back; default 1000. */
  readonly replayPerSecond?: number
  /** A spooled message that brokers refuse so often is rejected; default 10. */
  readonly maxRefusals?: number
  /**
   * Messages of a topic that name servers have not known for so long, ms, while they knew brokers, are rejected: the topic was
   * deleted, or all its brokers are gone. Default 3600000.
   */
  readonly noRouteMs?: number
}

export type ResolvedOutboxOptions = Required<OutboxOptions>

const OUTBOX_OPTIONS: OptionNames<OutboxOptions> = {
  directory: true,
  afterMs: true,
  maxBytes: true,
  maxMessages: true,
  segmentBytes: true,
  fsync: true,
  fsyncIntervalMs: true,
  replayPerSecond: true,
  maxRefusals: true,
  noRouteMs: true,
}

const FSYNCS: readonly string[] = ['always', 'interval', 'never'] satisfies OutboxFsync[]
const MAX_INT = 0x7fffffff

/**
 * Undefined for no outbox.
 * @throws RocketMQError INVALID_ARGUMENT
 */
export function checkedOutbox(options: OutboxOptions | undefined): ResolvedOutboxOptions | undefined {
  if (options === undefined) return undefined
  checkOptions(options, OUTBOX_OPTIONS, 'outbox')
  const directory: unknown = options.directory
  if (typeof directory !== 'string' || directory === '')
    throw new RocketMQError('INVALID_ARGUMENT', 'outbox.directory must be the path of a folder')
  const fsync = options.fsync ?? 'always'
  if (!FSYNCS.includes(fsync))
    throw new RocketMQError('INVALID_ARGUMENT', `outbox.fsync is ${fsync}; it must be always, interval or never`)
  const range = (name: keyof OutboxOptions, missing: number, [min, max]: readonly [number, number]): number =>
    checkedRange(`outbox.${name}`, (options[name] as number | undefined) ?? missing, min, max)
  return {
    directory,
    fsync,
    afterMs: range('afterMs', 1000, [0, MAX_INT]),
    maxBytes: range('maxBytes', 268_435_456, [4096, Number.MAX_SAFE_INTEGER]),
    maxMessages: range('maxMessages', 1_000_000, [1, 10_000_000]),
    segmentBytes: range('segmentBytes', 16_777_216, [4096, 1_073_741_824]),
    fsyncIntervalMs: range('fsyncIntervalMs', 1000, [1, MAX_INT]),
    replayPerSecond: range('replayPerSecond', 1000, [1, 1_000_000]),
    maxRefusals: range('maxRefusals', 10, [1, 1_000_000]),
    noRouteMs: range('noRouteMs', 3_600_000, [0, MAX_INT]),
  }
}
