import type { ConsumeContext, ConsumeOptions, Message, MessageExt, Producer, ProducerEvents, ProducerOptions, PushConsumer, PushConsumerOptions, RocketMQError, SendOptions } from './rocketwire'
import { BaseRpcContext } from '@nestjs/microservices';
import { ClientProxy } from '@nestjs/microservices';
import { CustomTransportStrategy } from '@nestjs/microservices';
import { ReadPacket } from '@nestjs/microservices';
import { Server } from '@nestjs/microservices';
import { WritePacket } from '@nestjs/microservices';

/** What a handler gets of a message. */
export declare type Deserialize = (message: MessageExt) => unknown;

/** Names this transport in decorators: `@EventPattern('Orders', ROCKETMQ_TRANSPORT)`. */
export declare const ROCKETMQ_TRANSPORT: unique symbol;

/**
 * A Nest client (`ClientProxy`): `emit` resolves when a broker has stored the message, `send` when a reply has come. Patterns
 * are `'Topic'`, `'Topic:tag'` or `{ topic, tag }`; data may be a `RocketMQRecord`. It connects at its first use, or by
 * `connect()`; close it at the end.
 *
 * @example
 * const client = new RocketMQClient({ producer: { namesrvAddr: '127.0.0.1:9876', producerGroup: 'shop' } })
 * await lastValueFrom(client.emit('Orders:paid', { id: 1 }))
 * const price = await lastValueFrom(client.send('Prices', { id: 1 }))
 */
export declare class RocketMQClient extends ClientProxy<{
    backgroundError: (error: RocketMQError) => void;
}> {
    #private;
    /** @throws RocketMQError INVALID_GROUP, INVALID_ARGUMENT, NO_NAME_SERVER */
    constructor(options: RocketMQClientOptions);
    /** Starts the producer, once; again where that has failed before. @throws RocketMQError as `Producer.start` */
    connect(): Promise<void>;
    /** Waits for what is in flight, and closes the connections. @throws RocketMQError SHUTDOWN_INCOMPLETE */
    close(): Promise<void>;
    /** Has a listener told of the producer's events. */
    on<E extends 'backgroundError'>(event: E, callback: (...args: ProducerEvents[E]) => void): void;
    /** The producer; another one after a start that failed. */
    unwrap<T = Producer>(): T;
    /** Asks, for `send`; the returned function gives the reply up. */
    protected publish(packet: ReadPacket, callback: (packet: WritePacket) => void): () => void;
    /** Sends, for `emit`; resolves with the result of the send. */
    protected dispatchEvent<T = unknown>(packet: ReadPacket): Promise<T>;
}

/** Options of a client. */
export declare interface RocketMQClientOptions {
    /** Of the producer that sends. */
    readonly producer: ProducerOptions;
    /** How long `send` waits for a reply, ms; default 5000. */
    readonly requestTimeoutMs?: number;
    /** Makes the body; default: JSON, bytes as they are. */
    readonly serialize?: Serialize;
    /** Reads replies; default: JSON where it is JSON, else the text. */
    readonly deserialize?: Deserialize;
}

/** What a handler gets by `@Ctx()`. */
export declare class RocketMQContext extends BaseRpcContext<[message: MessageExt, context: ConsumeContext]> {
    /** The message as it came; keep a `copy()` of it, if you keep it. */
    getMessage(): MessageExt;
    /** Group, queue, and a signal that is aborted when the queue is given away. */
    getContext(): ConsumeContext;
}

/** A pattern of a handler: `'Topic'`, `'Topic:tag'`, or the same as an object. Without a tag: all messages of the topic. */
export declare type RocketMQPattern = string | {
    readonly topic: string;
    readonly tag?: string;
};

/** Data for `emit` and `send` of a client with more to say of the message. */
export declare class RocketMQRecord {
    /** What is sent, as the serializer takes it. */
    readonly data: unknown;
    /** Fields of the message besides its topic and body. */
    readonly message: Omit<Message, 'topic' | 'body' | 'encoding'>;
    /** As of `Producer.send`. */
    readonly options: SendOptions;
    /**
     * @param message fields of the message besides its body, such as `keys`, `properties`, `shardingKey`, `delayMs`
     * @param options as of `Producer.send`
     */
    constructor(data: unknown, message?: Omit<Message, 'topic' | 'body' | 'encoding'>, options?: SendOptions);
}

/**
 * Serves the handlers of a Nest application. Patterns are `'Topic'`, `'Topic:tag'` or `{ topic, tag }`; of both that fit, the
 * one with the tag is called. An event handler that fails has its message delivered again, as by a push consumer. A message
 * handler's result, or its error, is the reply to a request; of an observable the last value.
 *
 * @example
 * const strategy = new RocketMQServer({ consumer: { namesrvAddr: '127.0.0.1:9876', consumerGroup: 'billing' } })
 * const app = await NestFactory.createMicroservice(AppModule, { strategy })
 * await app.listen()
 */
export declare class RocketMQServer extends Server<{
    backgroundError: (error: RocketMQError) => void;
}> implements CustomTransportStrategy {
    #private;
    /** Tells handlers of this transport from those of others. */
    readonly transportId: symbol;
    /** @throws RocketMQError INVALID_GROUP, INVALID_ARGUMENT, NO_NAME_SERVER */
    constructor(options: RocketMQServerOptions);
    /** Subscribes to what the handlers want, and starts; `callback` gets the error where that fails. */
    listen(callback: (error?: unknown) => void): void;
    /** Waits for the handlers that run, and closes the connections. @throws RocketMQError SHUTDOWN_INCOMPLETE */
    close(): Promise<void>;
    /** Has a listener told of the consumer's failures in the background. */
    on<E extends 'backgroundError'>(event: E, callback: (error: RocketMQError) => void): void;
    /** The consumer, such as for its `health()` and `stats()`. */
    unwrap<T = PushConsumer>(): T;
}

/** Options of a server. */
export declare interface RocketMQServerOptions {
    /** Of the consumer: all instances of a service have the same group. */
    readonly consumer: PushConsumerOptions;
    /** How handlers are called; default: in any order, 20 at a time. */
    readonly consume?: Omit<ConsumeOptions, 'batchSize'>;
    /** Of the producer that replies; default: as the consumer's, with the group's name and `-replies`. */
    readonly producer?: ProducerOptions;
    /** What handlers get as their payload; default: JSON where the body is JSON, else its text. */
    readonly deserialize?: Deserialize;
    /** Makes the bodies of replies; default: JSON, bytes as they are. */
    readonly serialize?: Serialize;
}

/** How data becomes the body of a message. */
export declare type Serialize = (data: unknown) => Message['body'];
