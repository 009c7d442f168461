package torrefy.tokenizer;

/// One learned rule: where token `left` stands before token `right`, write `result` for both.
public record Merge(int left, int right, int result) {}
