export declare function keepCode(): void;
