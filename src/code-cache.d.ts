export declare function codeCacheFolder(): string;
export declare function keepCode(): void;
