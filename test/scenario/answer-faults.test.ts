import { RESPONSE_CODES, type ResponseCode } from '../../lib/commands/response-code'
import { PendingTable } from '../../lib/remoting/pending-table'
import { decodeFrame } from '../../lib/wire/frame-decoder'
import type { Producer } from '../../lib/index'
import { Books } from '../support/books'
import { describeEmulatorOnly, describeScenario } from '../support/cluster'
import { Places } from '../support/places'
import { changed, TamperedReplies } from '../support/tampered-replies'
import { Wires } from '../support/wires'

const LENGTH_BYTES = 4

describeScenario('answers', cluster => {
  cluster.it(
    'fault 10: that are late, repeated or for nobody are dropped and counted, and never mistaken',
    async site => {
      const take = jest.spyOn(PendingTable.prototype, 'take')
      site.onEnd(async () => take.mockRestore())
      const [wires, tampered] = [new Wires(), new TamperedReplies()]
      site.onEnd(() => wires.close())
      wires.weather.replies = tampered.replies
      const topic = await site.freshTopic()
      const places = new Places(site)
      await site.consumer(topic, {}, places.take)
      const advanced = { dialer: wires.dialer }
      const producer = await site.producer({ advanced, sendTimeoutMs: 1000, retryTimesWhenSendFailed: 0 })
      await places.send(producer, topic, 50)
      const failedBefore = places.failed.length
      tampered.toHold = 3
      await places.send(producer, topic, 50)
      const failures = places.failed.slice(failedBefore)
      expect(failures).toHaveLength(3)
      for (const error of failures) expect(error).toMatchObject({ code: 'SEND_TIMEOUT', sent: 'UNKNOWN' })
      tampered.letGo()
      await places.send(producer, topic, 50)
      await places.tell(10, 'answers come late, twice, or for nobody', `${tampered.strays} were dropped`)
      expect(places.mistaken).toEqual([])
      const dropped = (): number => take.mock.results.filter(({ value }) => value === undefined).length
      expect(dropped()).toBe(tampered.strays)
      expect(tampered.strays).toBeGreaterThan(50)
    },
  )
})

/** After these another broker is asked; the rest of what is an error is the message's fault, or lasts. */
const TRIED_AGAIN: readonly ResponseCode[] = [
  'SYSTEM_ERROR',
  'SYSTEM_BUSY',
  'SERVICE_NOT_AVAILABLE',
  'NO_PERMISSION',
  'TOPIC_NOT_EXIST',
  'NO_BUYER_ID',
  'NOT_IN_CURRENT_UNIT',
  'GO_AWAY',
  // Where it is now.
  'NOT_LEADER_FOR_QUEUE',
]
/** The message is stored, and less safe than it might be. */
const STATUSES = ['FLUSH_DISK_TIMEOUT', 'FLUSH_SLAVE_TIMEOUT', 'SLAVE_NOT_AVAILABLE'] as const

describeEmulatorOnly(
  'a send that is answered',
  cluster => {
    cluster.it(
      'fault 12: by each code there is is tried again, refused, or a result, as the table says',
      async site => {
        const topic = await site.freshTopic(1)
        const books = new Books(site)
        await site.consumer(topic, {}, books.take)
        const wires = new Wires()
        site.onEnd(() => wires.close())
        let status = RESPONSE_CODES.SUCCESS.code
        wires.weather.replies = frame => {
          const reply = decodeFrame(frame, LENGTH_BYTES, frame.length)
          return [reply.extFields?.['msgId'] === undefined ? frame : changed(reply, { code: status })]
        }
        const producer = await site.producer({ advanced: { dialer: wires.dialer }, sendTimeoutMs: 10_000 })
        for (const code of STATUSES) {
          status = RESPONSE_CODES[code].code
          const body = `stored, ${code}`
          books.ledger.sent(body)
          expect(await producer.send({ topic, body })).toMatchObject({ sendStatus: code })
          books.ledger.acknowledged(body)
        }
        status = RESPONSE_CODES.SUCCESS.code
        const codes = (Object.keys(RESPONSE_CODES) as ResponseCode[]).filter(code => code !== 'SUCCESS')
        for (const code of codes.filter(each => !(STATUSES as readonly string[]).includes(each))) {
          const control = site.control('SEND_MESSAGE_V2', () => ({ code, remark: `remark of ${code}` }))
          if (TRIED_AGAIN.includes(code)) await books.send(producer, topic, 1)
          else await expect(refused(producer, topic)).resolves.toEqual([code, `remark of ${code}`, 'NO', 1])
          expect([code, control.seen]).toEqual([code, 1])
        }
        await books.tell(12, 'a broker answers a send by each code there is', { also: `${codes.length} codes` })
        expect(books.ledger.counts).toMatchObject({ consumed: STATUSES.length + TRIED_AGAIN.length, repeated: 0 })
      },
    )
  },
  { brokers: 2 },
)

async function refused(producer: Producer, topic: string): Promise<unknown[]> {
  const error: unknown = await producer.send({ topic, body: 'refused' }).catch((thrown: unknown) => thrown)
  const { responseCode, remark, sent, attempts } = error as Record<string, unknown>
  return [responseCode, remark, sent, attempts]
}
