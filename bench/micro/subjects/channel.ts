import { SEND_MESSAGE_V2 } from '../../../lib/commands/send'
import type { FrameContent } from '../../../lib/commands/command'
import type * as DialerFile from '../../../lib/remoting/dialer'
import type * as LinkFile from '../../../lib/remoting/link'
import type { PendingRequest } from '../../../lib/remoting/pending-request'
import type * as RemotingClientFile from '../../../lib/remoting/remoting-client'
import { systemClock } from '../../../lib/runtime/clock'
import type * as LogFile from '../../../lib/runtime/log'
import { ChildProgram, nodeProgram } from '../../child-program'
import { sendHeader } from '../../drivers/send-header'
import type { Measurable, MeasuredBuild, Subject } from '../micro-case'
import { BODY } from '../samples'

const IN_FLIGHT = 256
const TIMEOUT_MS = 60_000
const IDENTITY = { version: 477, language: () => 'OTHER', serializeType: 'JSON' } as const
const HEADER = sendHeader({ topic: 'BenchTopic', queueId: 3, properties: '' })

interface Load {
  readonly requests: number
  readonly inFlight: number
}

/** As a send does: the entry of the pending table is its own. */
class Echo implements PendingRequest {
  readonly command = SEND_MESSAGE_V2
  readonly settled = false
  opaque = 0
  sentAt = 0
  channel: PendingRequest['channel']
  redirected = false
  deadlineAt = 0
  deadlineSlot = -1
  previousDeadline: PendingRequest['previousDeadline']
  nextDeadline: PendingRequest['nextDeadline']

  constructor(
    readonly content: FrameContent,
    readonly onReply: () => void,
    readonly onFailure: (error: Error) => void,
  ) {}
}

/** Starts `begin` until `requests` have ended, `inFlight` at a time. */
function keepGoing({ requests, inFlight }: Load, begin: (ended: () => void, fail: (error: Error) => void) => void) {
  return new Promise<void>((resolve, reject) => {
    let started = 0
    let ended = 0
    const next = (): void => {
      started++
      begin(onEnded, reject)
    }
    const onEnded = (): void => {
      ended++
      if (started < requests) next()
      else if (ended === requests) resolve()
    }
    while (started < inFlight) next()
  })
}

async function withServer(open: (address: string) => Promise<Measurable>): Promise<Measurable> {
  const { signal } = new AbortController()
  const { program, told } = await ChildProgram.start<string>(nodeProgram('../micro/echo-server'), BODY.length, signal)
  const measurable = await open(told)
  const close = async (): Promise<void> => {
    await measurable.close?.()
    await program.stop()
  }
  return { ...measurable, close }
}

function byChannel(build: MeasuredBuild, load: Load): Promise<Measurable> {
  const { Link } = build.load<typeof LinkFile>('remoting/link')
  const { dialTcp } = build.load<typeof DialerFile>('remoting/dialer')
  const { Log } = build.load<typeof LogFile>('runtime/log')
  const log = new Log('bench', undefined, systemClock)
  return withServer(async address => {
    const link = new Link({
      address,
      dial: dialTcp,
      connectTimeoutMs: 3000,
      clock: systemClock,
      channel: { clock: systemClock, log, identity: IDENTITY, dispatch: () => undefined },
      onOpened: () => undefined,
      onClosed: () => undefined,
    })
    const channel = await link.ready(3000)
    const run = (): Promise<void> =>
      keepGoing(load, (ended, fail) => {
        const extFields = SEND_MESSAGE_V2.requestHeader.encode(HEADER)
        channel.request(new Echo({ code: SEND_MESSAGE_V2.code, extFields, body: BODY }, ended, fail), TIMEOUT_MS)
      })
    return { ops: load.requests, bytes: BODY.length, run, close: () => link.close(1000) }
  })
}

function byClient(build: MeasuredBuild, load: Load): Promise<Measurable> {
  const { RemotingClient } = build.load<typeof RemotingClientFile>('remoting/remoting-client')
  const { dialTcp } = build.load<typeof DialerFile>('remoting/dialer')
  const { Log } = build.load<typeof LogFile>('runtime/log')
  return withServer(async address => {
    const limits = { connectTimeoutMs: 3000, requestTimeoutMs: TIMEOUT_MS }
    const log = new Log('bench', undefined, systemClock)
    const remoting = new RemotingClient({ clock: systemClock, log, dial: dialTcp, identity: IDENTITY, ...limits })
    const run = (): Promise<void> =>
      keepGoing(load, (ended, fail) => {
        remoting.invoke(address, SEND_MESSAGE_V2, { header: HEADER, body: BODY }).then(ended, fail)
      })
    return { ops: load.requests, bytes: BODY.length, run, close: () => remoting.close() }
  })
}

const MANY = { requests: 10 * IN_FLIGHT, inFlight: IN_FLIGHT }
const ONE = { requests: 50, inFlight: 1 }

/** Requests of 1 KiB, answered by another process that does next to nothing. */
export const channel: Subject = {
  [`echo of 1 KiB, ${IN_FLIGHT} in flight`]: build => byChannel(build, MANY),
  'echo of 1 KiB, one after the other': build => byChannel(build, ONE),
  [`echo of 1 KiB by invoke, ${IN_FLIGHT} in flight`]: build => byClient(build, MANY),
}
