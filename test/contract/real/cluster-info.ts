import { connect } from 'node:net'
import { type ConnectionOptions, connect as connectTls } from 'node:tls'
import { systemClock } from '../../../lib/runtime/clock'

const GET_BROKER_CLUSTER_INFO = 106
const ANSWER_WITHIN_MS = 3_000
const ASK_EVERY_MS = 50
const READY_WITHIN_MS = 30_000

/** What a name server knows of the brokers. */
export interface ClusterInfo {
  readonly brokerAddrTable: Record<string, { readonly cluster: string; readonly brokerAddrs: Record<string, string> }>
  readonly clusterAddrTable: Record<string, readonly string[]>
}

/**
 * Asks a name server which brokers it knows, with a frame written by hand: what proves that the servers are up must
 * not lean on the code under test.
 */
export async function clusterInfo(nameServer: string, tls?: ConnectionOptions): Promise<ClusterInfo> {
  const header = JSON.stringify({ code: GET_BROKER_CLUSTER_INFO, language: 'OTHER', version: 0, opaque: 1, flag: 0 })
  const frame = await exchange(nameServer, frameOf(header), tls)
  const headerLength = frame.readUInt32BE(4) & 0xffffff
  const reply = JSON.parse(frame.toString('utf8', 8, 8 + headerLength)) as { code: number; remark?: string }
  if (reply.code !== 0) throw new Error(`${nameServer} answered ${reply.code}: ${reply.remark}`)
  return JSON.parse(quoteNumberKeys(frame.toString('utf8', 8 + headerLength))) as ClusterInfo
}

/** Resolves once the name server lists the broker's id, or any id where none is given, with the address; rejects after 30 s or with the signal. */
export async function waitUntilListed(
  nameServer: string,
  broker: {
    readonly name: string
    readonly id: number | undefined
    readonly address: string
    readonly tls?: ConnectionOptions | undefined
  },
  signal?: AbortSignal,
): Promise<void> {
  const deadline = systemClock.monotonic() + READY_WITHIN_MS
  let seen: unknown
  while (systemClock.monotonic() < deadline) {
    const table = await clusterInfo(nameServer, broker.tls).then(info => info.brokerAddrTable, String)
    seen = table
    if (typeof table !== 'string' && isListed(table[broker.name]?.brokerAddrs ?? {}, broker)) return
    await systemClock.sleep(ASK_EVERY_MS, signal)
  }
  const wanted = `${broker.name}:${broker.id ?? 'any id'} at ${broker.address}`
  throw new Error(`${nameServer} did not list ${wanted} within ${READY_WITHIN_MS} ms; it says ${JSON.stringify(seen)}`)
}

function isListed(addresses: Record<string, string>, { id, address }: { id: number | undefined; address: string }) {
  return id === undefined ? Object.values(addresses).includes(address) : addresses[id] === address
}

function frameOf(header: string): Buffer {
  const text = Buffer.from(header)
  const frame = Buffer.alloc(8 + text.length)
  frame.writeUInt32BE(4 + text.length, 0)
  frame.writeUInt32BE(text.length, 4)
  text.copy(frame, 8)
  return frame
}

/** Sends one frame and resolves with the one that comes back. */
function exchange(address: string, frame: Buffer, tls: ConnectionOptions | undefined): Promise<Buffer> {
  const colon = address.lastIndexOf(':')
  return new Promise((resolve, reject) => {
    const target = { host: address.slice(0, colon), port: Number(address.slice(colon + 1)) }
    const socket = tls === undefined ? connect(target) : connectTls({ ...tls, ...target })
    let received = Buffer.alloc(0)
    socket.setTimeout(ANSWER_WITHIN_MS, () => socket.destroy(new Error(`no answer from ${address}`)))
    socket.once('error', reject)
    socket.once('close', () => reject(new Error(`${address} closed the connection without an answer`)))
    socket.on('data', chunk => {
      received = Buffer.concat([received, chunk])
      if (received.length < 4 || received.length < 4 + received.readUInt32BE(0)) return
      resolve(received)
      socket.destroy()
    })
    socket.write(frame)
  })
}

/** Java writes the broker ids bare: `{0:"127.0.0.1:10911"}`. */
function quoteNumberKeys(json: string): string {
  return json.replace(/([{,])(\d+):/g, '$1"$2":')
}
