// A Nest application that is served by RocketMQ: events by tag, and requests that are replied to.
import 'reflect-metadata'
import { Controller, Module } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { EventPattern, MessagePattern, Payload } from '@nestjs/microservices'
import { RocketMQClient, RocketMQServer } from 'rocketwire/nestjs'
import { lastValueFrom } from 'rxjs'
import { runExample } from './support/run-example'

interface Order {
  readonly id: string
  readonly prices: readonly number[]
}

runExample(async ({ namesrvAddr, topic, group }) => {
  let paid = (_id: string): void => undefined
  const isPaid = new Promise<string>(resolve => (paid = resolve))

  // A program writes its topics here: @EventPattern('Orders:paid').
  @Controller()
  class OrdersController {
    @EventPattern(`${topic}:paid`)
    onPaid(@Payload() { id }: Order): void {
      paid(id)
    }

    @MessagePattern(`${topic}:total`)
    total(@Payload() { prices }: Order): number {
      return prices.reduce((sum, price) => sum + price, 0)
    }
  }

  @Module({ controllers: [OrdersController] })
  class AppModule {}

  const consumeFromWhere = 'CONSUME_FROM_FIRST_OFFSET'
  const strategy = new RocketMQServer({ consumer: { namesrvAddr, consumerGroup: group, consumeFromWhere } })
  const app = await NestFactory.createMicroservice(AppModule, { strategy, logger: false })
  await app.listen()

  const client = new RocketMQClient({ producer: { namesrvAddr, producerGroup: group }, requestTimeoutMs: 20_000 })
  const order: Order = { id: 'o-1', prices: [10, 20, 12] }
  await lastValueFrom(client.emit(`${topic}:paid`, order))
  console.log('paid:', await isPaid)
  console.log('total:', await lastValueFrom(client.send<number>(`${topic}:total`, order)))

  await client.close()
  await app.close()
})
