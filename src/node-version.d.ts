export declare function refuseOldNode(): void;
