import { inspect } from 'node:util'
import {
  AdminClient,
  LitePullConsumer,
  Producer,
  PullConsumer,
  PushConsumer,
  SimpleConsumer,
  onDiagnostics,
} from '../../lib/index'
import { Authority, locked } from '../support/certificates'
import { describeEmulatorOnly } from '../support/cluster'
import { RecordingLogger } from '../support/recording-log'

const SECRET = 'a-secret-key-that-is-nowhere'
const TOKEN = 'a-token-that-is-nowhere'
const PASSPHRASE = 'open-sesame-nowhere'
const authority = new Authority()
const mine = authority.issue({ name: 'client', hosts: ['127.0.0.1'] })
const key = locked(mine, PASSPHRASE)
/** A line of the key, as it would show wherever the key does. */
const KEY_LINE = key.split('\n')[5]?.trim() ?? 'no key'
const SECRETS = [SECRET, TOKEN, PASSPHRASE, KEY_LINE]

const TRACES = 'RMQ_SYS_TRACE_TOPIC'
const account = {
  accessKey: 'account',
  secretKey: SECRET,
  topicPerms: { Open: 'PUB|SUB', [TRACES]: 'PUB' },
  defaultGroupPerm: 'SUB',
} as const
const credentials = { accessKey: 'account', secretKey: SECRET, securityToken: TOKEN }
const security = { credentials, tls: { ca: authority.ca, cert: mine.cert, key, passphrase: PASSPHRASE } }

interface Told {
  on(event: 'backgroundError', listener: (error: unknown) => void): unknown
}

/** Everything that an object shows to whoever looks, and all that it refers to. */
const shown = (value: unknown): string => inspect(value, { depth: 20, showHidden: true, maxStringLength: null })

const options = { tls: { cert: mine.cert, key: mine.key }, accounts: [account], topics: { Open: 1, Closed: 1 } }

describeEmulatorOnly(
  'secrets',
  cluster => {
    cluster.it('are in no log line, error, stats, event, trace or look at an object', async site => {
      const logger = new RecordingLogger()
      const measured: unknown[] = []
      const metrics = {
        record: (...figure: unknown[]) => void measured.push(figure),
        observe: (read: () => Iterable<unknown>) => () => void measured.push(...read()),
      }
      const all = { namesrvAddr: site.namesrvAddr, logger, metrics, ...security }
      const producer = new Producer({ ...all, producerGroup: 'senders', trace: true })
      const push = new PushConsumer({ ...all, consumerGroup: 'pushed' })
        .subscribe('Closed')
        .consumeEach(() => undefined)
      const members = [
        producer,
        push,
        new LitePullConsumer({ ...all, consumerGroup: 'polled' }).subscribe('Open'),
        new PullConsumer({ ...all, consumerGroup: 'pulled' }),
        new SimpleConsumer({ ...all, consumerGroup: 'popped' }).subscribe('Closed'),
        new AdminClient(all),
      ]
      const errors: unknown[] = []
      for (const member of members) {
        const told: Told = member
        told.on('backgroundError', error => errors.push(error))
        site.onEnd(() => member.shutdown())
      }
      const seen: unknown[] = [...members]
      const stop = onDiagnostics('send', { start: event => seen.push(event) })
      site.onEnd(async () => stop())
      for (const member of members) await member.start().catch((error: unknown) => errors.push(error))
      seen.push(await producer.send({ topic: 'Open', body: 'x' }))
      errors.push(await producer.send({ topic: 'Closed', body: 'x' }).catch((error: unknown) => error))
      errors.push(
        await site
          .newProducer({ ...all, tls: true })
          .start()
          .catch((error: unknown) => error),
      )
      seen.push(members, producer.stats(), push.stats(), JSON.stringify(producer.stats()), producer.health())
      seen.push(measured)
      // Traces are told at the end at the latest.
      await producer.shutdown()
      const traces = site.emulator.messages(TRACES)
      seen.push(traces.map(trace => trace.toJSON()))
      expect(traces.map(trace => trace.text()).join()).toContain('Open')
      seen.push(traces.map(trace => trace.text()))
      expect(errors.length).toBeGreaterThan(2)
      expect(logger.lines.length).toBeGreaterThan(2)
      expect(measured.length).toBeGreaterThan(2)
      // Hidden from whoever looks, but in use: the send above was signed and locked.
      for (const secret of SECRETS) {
        expect(logger.lines.join('\n')).not.toContain(secret)
        expect(shown(errors)).not.toContain(secret)
        expect(shown(seen)).not.toContain(secret)
      }
    })

    cluster.it('are not in the message of an option that is refused', () => {
      const all = { namesrvAddr: 'h:1', producerGroup: 'g' }
      const wrong = [
        { credentials: { ...credentials, accessKey: '' } },
        { credentials: { ...credentials, securityToken: 5 as never } },
        { credentials: SECRET as never },
        { tls: { ...security.tls, passphrase: `${PASSPHRASE}-no` } },
        { tls: { ...security.tls, cert: KEY_LINE } },
        { tls: PASSPHRASE as never },
      ]
      for (const given of wrong) {
        let error: unknown
        try {
          new Producer({ ...all, ...given })
        } catch (thrown) {
          error = thrown
        }
        expect(error).toMatchObject({ code: 'INVALID_ARGUMENT' })
        for (const secret of SECRETS) expect(shown(error)).not.toContain(secret)
      }
      return Promise.resolve()
    })
  },
  options,
)
