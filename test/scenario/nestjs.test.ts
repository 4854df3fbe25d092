import 'reflect-metadata'
import { Controller, Inject, Module, type INestMicroservice } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { Ctx, EventPattern, MessagePattern, Payload, RpcException } from '@nestjs/microservices'
import { type Observable, lastValueFrom, of } from 'rxjs'
import {
  ROCKETMQ_TRANSPORT,
  RocketMQClient,
  type RocketMQContext,
  RocketMQRecord,
  RocketMQServer,
  type RocketMQServerOptions,
} from '../../lib/integrations/nestjs/index'
import type { Dialer, RpcInterceptor } from '../../lib/index'
import { dialTcp } from '../../lib/remoting/dialer'
import { SOON_AGAIN, describeScenario, describeSideBySide } from '../support/cluster'
import type { Site } from '../support/site'

/** What handlers were given. */
class Notes {
  readonly all: string[] = []
  readonly #site: Site

  constructor(site: Site) {
    this.#site = site
  }

  add(note: string): void {
    this.all.push(note)
    this.#site.changes.notify()
  }

  async first(count: number): Promise<string[]> {
    await this.#site.until(() => this.all.length >= count, {
      what: () => `${count} notes; there are ${this.all.join()}`,
    })
    return this.all
  }
}

/** An application of one controller, which asks for `NOTES` by injection. */
async function application(
  site: Site,
  controller: new (notes: Notes) => object,
  options: Partial<RocketMQServerOptions> = {},
): Promise<{ app: INestMicroservice; notes: Notes; strategy: RocketMQServer }> {
  const notes = new Notes(site)
  const { namesrvAddr } = site
  const consumeFromWhere = 'CONSUME_FROM_FIRST_OFFSET'
  const strategy = new RocketMQServer({
    consumer: { namesrvAddr, consumerGroup: site.freshGroup(), consumeFromWhere },
    ...options,
  })
  class AppModule {}
  Module({ controllers: [controller], providers: [{ provide: 'NOTES', useValue: notes }] })(AppModule)
  const app = await NestFactory.createMicroservice(AppModule, { strategy, logger: false })
  site.onEnd(() => app.close())
  await app.listen()
  return { app, notes, strategy }
}

function client(site: Site, options: { requestTimeoutMs?: number } = {}): RocketMQClient {
  const { namesrvAddr } = site
  const made = new RocketMQClient({ producer: { namesrvAddr, producerGroup: site.freshGroup() }, ...options })
  site.onEnd(() => made.close())
  return made
}

describeScenario('a Nest application', cluster => {
  cluster.it('gets events by topic and by tag, with payload, context and transport', async site => {
    const topic = await site.freshTopic(1)
    @Controller()
    class Orders {
      constructor(@Inject('NOTES') readonly notes: Notes) {}

      @EventPattern(`${topic}:paid`, ROCKETMQ_TRANSPORT)
      paid(@Payload() order: { id: number }, @Ctx() context: RocketMQContext): void {
        const { keys, tags } = context.getMessage()
        const { messageQueue } = context.getContext()
        this.notes.add(`paid ${order.id} ${keys.join()} ${tags} ${messageQueue.topic === topic}`)
      }

      @EventPattern({ topic })
      async any(@Payload() data: unknown): Promise<void> {
        this.notes.add(`any ${JSON.stringify(data)}`)
      }
    }
    const { notes, strategy } = await application(site, Orders)
    const orders = client(site)
    await lastValueFrom(orders.emit(`${topic}:paid`, new RocketMQRecord({ id: 1 }, { keys: ['o-1'] })))
    await lastValueFrom(orders.emit({ topic, tag: 'refunded' }, [2]))
    await orders.unwrap().send({ topic, body: 'no JSON' })
    expect((await notes.first(3)).sort()).toEqual(['any "no JSON"', 'any [2]', 'paid 1 o-1 paid true'])
    expect(strategy.unwrap().health().status).toBe('UP')
  })

  cluster.it('replies to requests: results, promises, the last value of observables, errors', async site => {
    const topic = await site.freshTopic(1)
    @Controller()
    class Sums {
      constructor(@Inject('NOTES') readonly notes: Notes) {}

      @MessagePattern(`${topic}:sum`)
      sum(numbers: number[]): number {
        return numbers.reduce((sum, number) => sum + number, 0)
      }

      @MessagePattern(`${topic}:late`)
      async late(): Promise<Observable<string>> {
        return of('one', 'two')
      }

      @MessagePattern(`${topic}:nothing`)
      nothing(): void {}

      @MessagePattern(`${topic}:unspeakable`)
      unspeakable(): bigint {
        return 1n
      }

      @MessagePattern(`${topic}:fail`)
      fail(): never {
        this.notes.add('failed')
        throw new RpcException({ code: 'SOLD_OUT' })
      }
    }
    const commands = new Set<string>()
    const note: RpcInterceptor = ({ command }, next) => {
      commands.add(command)
      return next()
    }
    const { namesrvAddr } = site
    const consumer = { namesrvAddr, consumerGroup: site.freshGroup(), rpcInterceptors: [note] }
    const { notes } = await application(site, Sums, { consumer })
    const sums = client(site, { requestTimeoutMs: 25_000 })
    const ask = (tag: string, data: unknown): Promise<unknown> => lastValueFrom(sums.send(`${topic}:${tag}`, data))
    expect(await ask('sum', [1, 2, 3])).toBe(6)
    expect(await ask('late', {})).toBe('two')
    expect(await ask('nothing', {})).toBeNull()
    const unspeakable = { status: 'error', message: expect.stringContaining('BigInt') }
    await expect(ask('unspeakable', {})).rejects.toEqual(unspeakable)
    await expect(ask('fail', {})).rejects.toEqual({ code: 'SOLD_OUT' })
    // Whoever asked knows: the request does not come again.
    expect(notes.all).toEqual(['failed'])
    // What replies has the consumer's interceptors.
    expect([...commands]).toEqual(expect.arrayContaining(['PULL_MESSAGE', 'SEND_REPLY_MESSAGE_V2']))
  })

  cluster.it('fails to listen where no name server answers, and closes all the same', async site => {
    @Controller()
    class Empty {
      @EventPattern('Topic')
      any(): void {}
    }
    const consumer = { namesrvAddr: '127.0.0.1:1', consumerGroup: site.freshGroup() }
    await expect(application(site, Empty, { consumer })).rejects.toMatchObject({ code: 'NO_NAME_SERVER' })
  })

  cluster.it('has clients that connect at their next use where no name server could be reached before', async site => {
    const topic = await site.freshTopic(1)
    let isReachable = false
    const dialer: Dialer = async (target, signal) => {
      if (!isReachable) throw new Error('out of reach')
      return dialTcp(target, signal)
    }
    const producer = { namesrvAddr: site.namesrvAddr, producerGroup: site.freshGroup(), advanced: { dialer } }
    const shop = new RocketMQClient({ producer })
    site.onEnd(() => shop.close())
    shop.on('backgroundError', () => undefined)
    await expect(lastValueFrom(shop.emit(topic, 1))).rejects.toMatchObject({ code: 'NO_NAME_SERVER' })
    isReachable = true
    expect(await lastValueFrom(shop.emit(topic, 1))).toMatchObject({ sendStatus: 'SEND_OK' })
    expect(shop.unwrap().listenerCount('backgroundError')).toBe(1)
    await shop.close()
    await expect(lastValueFrom(shop.emit(topic, 1))).rejects.toMatchObject({ code: 'INVALID_STATE' })
  })

  cluster.it('has requests that nobody replies to time out, and those without a right pattern refused', async site => {
    const topic = await site.freshTopic(1)
    const asking = client(site, { requestTimeoutMs: 200 })
    await asking.connect()
    await expect(lastValueFrom(asking.send(topic, 1))).rejects.toMatchObject({ code: 'REQUEST_TIMEOUT' })
    await expect(lastValueFrom(asking.emit(':tag', 1))).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
  })
})

describeSideBySide(
  'an event handler of Nest that fails',
  cluster => {
    cluster.it('has its message delivered again', async site => {
      const topic = await site.freshTopic(1)
      @Controller()
      class Unsteady {
        constructor(@Inject('NOTES') readonly notes: Notes) {}

        @EventPattern(topic)
        any(@Ctx() context: RocketMQContext): void {
          const { reconsumeTimes } = context.getMessage()
          this.notes.add(`try ${reconsumeTimes}`)
          if (reconsumeTimes === 0) throw new Error('not today')
        }
      }
      const { notes } = await application(site, Unsteady)
      await lastValueFrom(client(site).emit(topic, 'm'))
      expect(await notes.first(2)).toEqual(['try 0', 'try 1'])
    })
  },
  SOON_AGAIN,
)
