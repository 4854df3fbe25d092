import { RocketMQError } from '../errors'
import { type Clock, systemClock } from '../runtime/clock'
import { ownIpv4 } from '../runtime/own-ip'
import { randomHex, randomUint32 } from '../runtime/random'
import { ipBytes, ipText } from './host-address'
import { bytesToHex, hexToBytes } from './message-id'

/** After the address: pid 2, hash 4, milliseconds of the month 4, counter 2. */
const TAIL_BYTES = 12
const IDS_PER_STAMP = 0x1_0000
/** A clock that was set back by less than this is waited for, so that no id comes twice. */
const MAX_STEP_BACK_MS = 1_000_000

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).toUpperCase().padStart(2, '0'))

let lastHash: number | undefined

/** What a unique id is made of; by default what tells this process from others. */
export interface UniqueIdsOptions {
  readonly clock?: Clock
  readonly ip?: string
  readonly pid?: number
  readonly hash?: number
}

/**
 * Makes the ids that follow a message through all its retries (`UNIQ_KEY`): address, process, a random hash,
 * milliseconds since the start of the local month, counter, as Java does.
 */
export class UniqueIds {
  readonly #clock: Clock
  readonly #fixed: string
  #monthStart = 0
  #nextMonthStart = 0
  #stamp = -1
  /** How many ids have been made of the current stamp. */
  #used = 0
  #counter = 0
  /** The id but for its last byte. */
  #head = ''

  constructor({ clock = systemClock, ip = ownIpv4(), pid = process.pid, hash = nextHash() }: UniqueIdsOptions = {}) {
    this.#clock = clock
    const address = ip === undefined ? randomHex(4).toUpperCase() : bytesToHex(ipBytes(ip))
    this.#fixed = address + hex16(pid) + hex32(hash)
  }

  /** A new id: 32 upper-case hex digits, 56 where the address is IPv6. */
  next(): string {
    const now = this.#clock.now()
    if (now !== this.#stamp || this.#used === IDS_PER_STAMP) this.#advance(now)
    this.#used++
    const counter = this.#counter
    this.#counter = (counter + 1) & 0xffff
    const low = counter & 0xff
    if (low === 0 || this.#head === '') this.#head = this.#withStamp() + (HEX[counter >>> 8] as string)
    return this.#head + (HEX[low] as string)
  }

  /** Moves to the time `now`, but never back to a millisecond that has had ids, nor beyond 65536 ids in one. */
  #advance(now: number): void {
    const back = this.#stamp - now
    const waits = back >= 0 && back < MAX_STEP_BACK_MS
    if (waits && this.#used < IDS_PER_STAMP) return
    this.#stamp = waits ? this.#stamp + 1 : now
    this.#used = 0
    this.#head = ''
    if (this.#stamp >= this.#nextMonthStart || this.#stamp < this.#monthStart) {
      this.#monthStart = localMonthStart(this.#stamp)
      this.#nextMonthStart = localMonthStart(this.#stamp, 1)
    }
  }

  #withStamp(): string {
    return this.#fixed + hex32(this.#stamp - this.#monthStart)
  }
}

/** What a unique id says. */
export interface UniqueIdParts {
  readonly ip: string
  readonly pid: number
  /** Milliseconds since the start of the sender's month. */
  readonly spanMs: number
  readonly counter: number
}

/**
 * Reads a unique id.
 * @throws RocketMQError INVALID_ARGUMENT where it has not 32 or 56 hex digits
 */
export function parseUniqueId(id: string): UniqueIdParts {
  const bytes = hexToBytes(id)
  const ipLength = bytes.length - TAIL_BYTES
  if (ipLength !== 4 && ipLength !== 16) {
    throw new RocketMQError('INVALID_ARGUMENT', `a unique message id has 32 or 56 hex digits, not ${id.length}`)
  }
  return {
    ip: ipText(bytes, 0, ipLength),
    pid: bytes.readUInt16BE(ipLength),
    spanMs: bytes.readUInt32BE(ipLength + 6),
    counter: bytes.readUInt16BE(ipLength + 10),
  }
}

/**
 * When a unique id was made, milliseconds since 1970 UTC, as near as it can be told: the id knows the time in its month only,
 * so it counts from the month of `nowMs`, or from the one before where that would lie in the future.
 * `monthStartOf` gives the start of the month of a time; by default in this host's time zone.
 */
export function uniqueIdTime(
  id: string,
  nowMs: number,
  monthStartOf: (timeMs: number) => number = timeMs => localMonthStart(timeMs),
): number {
  const { spanMs } = parseUniqueId(id)
  const thisMonth = monthStartOf(nowMs)
  return thisMonth + spanMs < nowMs ? thisMonth + spanMs : monthStartOf(thisMonth - 1) + spanMs
}

/** Differs between processes and between worker threads, of which each loads this module anew. */
function nextHash(): number {
  lastHash = lastHash === undefined ? randomUint32() : lastHash + 1
  return lastHash
}

function localMonthStart(timeMs: number, monthsLater = 0): number {
  const date = new Date(timeMs)
  return new Date(date.getFullYear(), date.getMonth() + monthsLater, 1).getTime()
}

function hex16(value: number): string {
  return (HEX[(value >>> 8) & 0xff] as string) + (HEX[value & 0xff] as string)
}

function hex32(value: number): string {
  return hex16(value >>> 16) + hex16(value)
}
