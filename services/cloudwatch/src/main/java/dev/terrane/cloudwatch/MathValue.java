package dev.terrane.cloudwatch;

import java.util.List;

/** A value of metric math: a number, a series, or an array of series. */
sealed interface MathValue {
    record Scalar(double number) implements MathValue {}

    record One(Series series) implements MathValue {}

    record Many(List<Series> series) implements MathValue {
        public Many {
            series = List.copyOf(series);
        }
    }

    /** The series of a value; none of a number. */
    default List<Series> all() {
        return switch (this) {
            case Scalar s -> List.of();
            case One one -> List.of(one.series());
            case Many many -> many.series();
        };
    }
}
