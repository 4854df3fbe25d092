import { type AnyCommand, type FrameContent, type RequestOf, encodeRequest } from '../../../lib/commands/command'
import type { ResponseCode } from '../../../lib/commands/response-code'
import { GET_BROKER_CLUSTER_INFO } from '../../../lib/commands/route'
import type { EmulatedVersion } from '../../../lib/emulator/index'
import type { ExtFields, RemotingCommand } from '../../../lib/wire/remoting-command'
import { ByVersion } from './expected'
import type { ClientIdentity } from './frame-connection'
import type { BodyKind } from './plain-answer'
import type { Stage } from './stage'

/** What an answer holds besides its code; what is left out must not be there. Values are as `expected.ts` has them. */
export interface Answer {
  readonly remark?: unknown
  /** The header. */
  readonly fields?: unknown
  /** The body where it is JSON. */
  readonly json?: unknown
  /** The body where it is stored messages. */
  readonly messages?: unknown
  /** The body where its very text matters. */
  readonly text?: unknown
}

/** What an answer is told by: its code, or that there is none. */
export type AnswerCode = ResponseCode | 'NO_ANSWER'

/** A request that its command's row cannot write: header and body as they travel. */
export interface RawRequest {
  readonly raw: { readonly extFields?: ExtFields; readonly body?: Uint8Array }
}

/** One request and its answer. `G` is what the row needs to be there first. */
export interface ProbeRow<C extends AnyCommand, G> {
  /** Begins a sentence: what is asked for, and what comes of it. */
  readonly name: string
  /** Makes what must be there first. */
  readonly given?: (stage: Stage) => Promise<G>
  readonly request: (given: G, stage: Stage) => RequestOf<C> | RawRequest
  /** Header fields that are left out, by their names on the wire. */
  readonly without?: readonly string[]
  /** Who asks, where that matters. */
  readonly client?: ClientIdentity
  /** Done while the answer is waited for. */
  readonly meanwhile?: (given: G, stage: Stage) => Promise<unknown>
  readonly code: AnswerCode | ByVersion<AnswerCode>
  readonly answer?: Answer | ((given: G, stage: Stage) => Answer)
}

/** A row with its command, ready to be run on a stage. */
export interface Probe {
  readonly name: string
  readonly command: AnyCommand
  readonly codes: Readonly<Record<EmulatedVersion, AnswerCode>>
  /** Header fields that the request should have and has not. */
  readonly lacks: readonly string[]
  /** Rejects where what must be there cannot be made, or where an answer is late. */
  run(stage: Stage): Promise<Outcome>
}

/** What came of a probe, and what should have come of it. */
export interface Outcome {
  /** Undefined where there was no answer. */
  readonly frame: RemotingCommand | undefined
  readonly kind: BodyKind | undefined
  readonly expected: Answer
  /** The request's. */
  readonly client: ClientIdentity
}

/** Makes rows of one command. */
export function rowsOf<C extends AnyCommand>(command: C): <G = undefined>(row: ProbeRow<C, G>) => Probe {
  return row => {
    const codes = row.code instanceof ByVersion ? row.code.values : { '4.9': row.code, '5': row.code }
    const { name, without: lacks = [] } = row
    return { name, command, codes, lacks, run: stage => run(command, row, { stage, code: codes[stage.version] }) }
  }
}

async function run<C extends AnyCommand, G>(
  command: C,
  row: ProbeRow<C, G>,
  { stage, code }: { stage: Stage; code: AnswerCode },
): Promise<Outcome> {
  const { client = {}, answer = {} } = row
  const given = (await row.given?.(stage)) as G
  const connection = await stage.connection(command.peer, { client })
  const answered = connection.request(command, contentOf(command, row, row.request(given, stage)))
  const soon = code === 'NO_ANSWER' ? Promise.race([answered, whileOthersAreAnswered(stage)]) : answered
  const [frame] = await Promise.all([soon, row.meanwhile?.(given, stage)])
  const expected = typeof answer === 'function' ? answer(given, stage) : answer
  const kind = (['json', 'messages', 'text'] as const).find(each => each in expected)
  return { frame, kind, expected, client }
}

/** What has no answer while so many later requests are answered gets none. */
const LATER_REQUESTS = 50

async function whileOthersAreAnswered(stage: Stage): Promise<undefined> {
  for (let i = 0; i < LATER_REQUESTS; i++) await stage.invoke(GET_BROKER_CLUSTER_INFO, {})
  return undefined
}

function contentOf<C extends AnyCommand>(
  command: C,
  { without = [] }: Pick<ProbeRow<C, never>, 'without'>,
  request: RequestOf<C> | RawRequest,
): FrameContent {
  const content = isRaw(request) ? { code: command.code, ...request.raw } : encodeRequest(command, request)
  const fields = Object.entries(content.extFields ?? {}).filter(([name]) => !without.includes(name))
  return { ...content, extFields: Object.fromEntries(fields) }
}

function isRaw(request: object): request is RawRequest {
  return 'raw' in request
}
