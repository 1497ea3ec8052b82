// Package store keeps parcels, in PostgreSQL or in memory.
package store

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/redis/go-redis/v9"
)

// A Parcel is on its way.
type Parcel struct {
	ID    string `json:"id" db:"id"`
	Grams int    `json:"grams" db:"grams"`
}

// Parcels are what the API asks for.
type Parcels interface {
	All(ctx context.Context) ([]Parcel, error)
}

// Recent are the numbers of the parcels that were asked for last, newest first, if there is a Redis.
func Recent(ctx context.Context, url string) ([]string, error) {
	if url == "" {
		return nil, nil
	}
	options, err := redis.ParseURL(url)
	if err != nil {
		return nil, fmt.Errorf("reading the address of Redis: %w", err)
	}
	client := redis.NewClient(options)
	defer func() { _ = client.Close() }()
	return client.LRange(ctx, "recent", 0, 9).Result()
}

// Open connects to the database of the URL; "" is a store in memory.
func Open(ctx context.Context, url string) (Parcels, error) {
	if url == "" {
		return memory{{ID: "p-1", Grams: 250}}, nil
	}
	pool, err := pgxpool.New(ctx, url)
	if err != nil {
		return nil, fmt.Errorf("opening the database: %w", err)
	}
	return database{pool}, nil
}

type memory []Parcel

// All implements Parcels.
func (m memory) All(context.Context) ([]Parcel, error) { return m, nil }

type database struct{ pool *pgxpool.Pool }

// All implements Parcels.
func (d database) All(ctx context.Context) ([]Parcel, error) {
	rows, err := d.pool.Query(ctx, "select id, grams from parcels order by id")
	if err != nil {
		return nil, fmt.Errorf("listing parcels: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[Parcel])
}
